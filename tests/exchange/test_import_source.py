"""`manage.py import_source`: what a run publishes, tells and logs, and that a second one changes nothing."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from kb.ledger.write import current_edition
from kb.records import changes as do
from kb.records.models import Evidence, Record, SourceKey, SourceRun, Statement
from kb.records.publish import publish

pytestmark = pytest.mark.django_db

CODE = "ecosystem-graphs"
ASSETS: list[dict[str, Any]] = [
    {"name": "Data", "type": "dataset", "organization": "Acme", "dependencies": []},
    {"name": "Big", "type": "model", "organization": "Acme, Other", "dependencies": ["Data", "Nowhere"], "license": "MIT"},
    {"name": "App", "type": "application", "organization": "Acme", "dependencies": ["Big", "data"], "created_date": 2022},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "source" / "assets").mkdir(parents=True)
    write(tmp_path / "source", ASSETS)
    return tmp_path / "source"


@pytest.fixture(autouse=True)
def no_reviewed_matches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The reviewed matches of the real source have nothing to do with these small ones."""
    (tmp_path / "base" / "fixtures" / "reconcile").mkdir(parents=True)
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path / "base")
    return tmp_path / "base" / "fixtures" / "reconcile"


def write(folder: Path, assets: list[dict[str, Any]]) -> None:
    (folder / "assets" / "acme.yaml").write_text(yaml.safe_dump(assets), encoding="utf-8")


def run(folder: Path, source: str = CODE, *options: str) -> str:
    out = StringIO()
    call_command("import_source", source, str(folder), *options, stdout=out)
    return out.getvalue()


def bound(external_id: str) -> Record:
    return SourceKey.objects.select_related("record").get(source=CODE, external_id=external_id).record


def dependency(child: str, parent: str) -> Statement:
    return Statement.objects.get(subject=bound(child), predicate="depends_on", object=bound(parent))


def test_records_statements_and_evidence_are_published(folder: Path) -> None:
    run(folder)
    assert bound("acme:application:App").kind == "product"
    assert dependency("acme:model:Big", "acme:dataset:Data").status == "reported"
    assert dependency("acme:model:Big", "name:Nowhere").object == bound("name:Nowhere")
    assert bound("name:Nowhere").kind == "unresolved"
    assert {evidence.report for evidence in Evidence.objects.all()} == {bound("source")}
    assert bound("source").report.type == "database"
    lead = Statement.objects.get(predicate="possibly_same_as")
    assert (lead.subject, lead.object, lead.status) == (bound("name:data"), bound("acme:dataset:Data"), "inferred")


def test_the_run_tells_and_logs_what_it_met(folder: Path) -> None:
    told = run(folder)
    assert "Ecosystem Graphs declares no licence: facts and links are taken, not prose." in told
    assert "records: dataset 1, model 1, party 2, product 1, report 1, unresolved 2" in told
    assert "dependencies: empty field 1, resolved by name 2, rows 4, unresolved 2" in told
    log = SourceRun.objects.get()
    assert (log.outcome, log.edition) == ("done", current_edition())
    assert log.counts["dependencies: rows"] == 4
    assert log.counts["changes: CreateRecord"] == 8


def test_a_second_run_changes_nothing(folder: Path) -> None:
    run(folder)
    before = current_edition()
    assert "0 changes published" in run(folder)
    assert current_edition() == before


def test_no_progress_is_drawn_where_there_is_no_terminal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder)
    assert capsys.readouterr().err == ""


def test_what_the_source_no_longer_says_is_closed_and_opened_again_when_it_does(folder: Path) -> None:
    run(folder)
    lost = dependency("acme:model:Big", "acme:dataset:Data")
    write(folder, [asset | {"dependencies": []} if asset["name"] == "Big" else asset for asset in ASSETS])
    run(folder, CODE, "--reason", "The source took it out.")
    assert lost.evidence.get().last_seen is not None
    assert dependency("acme:application:App", "acme:model:Big").evidence.get().last_seen is None
    assert Statement.objects.get(id=lost.id).status == "reported"
    write(folder, ASSETS)
    run(folder)
    assert lost.evidence.get().last_seen is None


def test_imported_slugs_never_take_one_of_the_founding_world(folder: Path) -> None:
    run(folder)
    imported = SourceKey.objects.filter(source=CODE).values_list("record__slug", flat=True)
    assert all(slug.startswith("eg-") for slug in imported)


def test_a_slug_that_an_editor_gave_is_not_taken_back(folder: Path) -> None:
    run(folder)
    publish([do.RenameRecord(record=bound("acme:model:Big").id, slug="big")], actor="editor", reason="A shorter slug.")
    assert "0 changes published" in run(folder)
    assert bound("acme:model:Big").slug == "big"


def test_a_malformed_file_fails_in_one_line_and_changes_nothing(folder: Path) -> None:
    (folder / "assets" / "worse.yaml").write_text("- name: [unclosed\n")
    with pytest.raises(CommandError, match=r"^assets/worse\.yaml: .*$") as failure:
        run(folder)
    assert failure.value.returncode == 1
    assert current_edition() == 0
    assert SourceRun.objects.get().outcome == "failed"


@pytest.mark.parametrize(("source", "words"), [(CODE, "There is no folder"), ("no-such-source", "is not a source")])
def test_a_wrong_path_and_an_unknown_source_fail_in_one_line(tmp_path: Path, source: str, words: str) -> None:
    with pytest.raises(CommandError, match=words) as failure:
        run(tmp_path / "nowhere", source)
    assert "\n" not in str(failure.value)
    assert failure.value.returncode == 1
    assert not Record.objects.exists()
