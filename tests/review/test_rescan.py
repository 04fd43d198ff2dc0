"""A stronger guard reads everything that is stored, old versions and private tables included, and never says what it read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import models

from kb.accounts.models import User
from kb.core import safety
from kb.core.safety import GUARD_VERSION
from kb.core.safety_rules.rule import Clue, Rule
from kb.core.safety_rules.sieve import Sieve
from kb.jobs.models import Job
from kb.ledger.guard import public_models
from kb.ledger.models import PublicRow
from kb.records import detail
from kb.records.models import Record
from kb.records.places import public_places
from kb.review import rescan
from kb.review.edit import add_note, add_restricted_evidence
from kb.review.models import DisputeCase, Message, Scan
from kb.review.rescan import Finding, Rescan, after_migrations, check_scanned, remember, scanned_version
from kb.review.texts import PRIVATE, texts_within
from tests import build
from tests.review.desk import act, filed, make_world, person
from tests.review.marked import MARKED, marked_row, marked_world, marker

pytestmark = pytest.mark.django_db

MARK = "zebra"
TEXTS = [(table, column) for table, column in MARKED if (table, column) != ("records_reportdetail", "url")]
CHARACTERS = (models.CharField, models.TextField, models.JSONField)
# Tables of other packages: names of models, addresses and secrets of accounts, nothing that a person writes.
OTHERS = frozenset({"auth", "contenttypes", "sessions", "account", "mfa"})


@contextmanager
def stronger() -> Iterator[None]:
    """A guard of the next version, with rules that words stored before break."""
    rule = Rule("about_zebras", "a word about zebras", (Clue(lambda text: MARK in text),))
    strict = Rule("about_quaggas", "a word about quaggas", (Clue(lambda text: "quagga" in text),), hazard_only=True)
    rules = patch.object(safety, "SIEVE", Sieve((*safety.RULES, rule, strict)))
    with rules, patch.object(rescan, "GUARD_VERSION", GUARD_VERSION + 1):
        yield


def findings() -> list[Finding]:
    return list(Rescan().findings())


def found_now() -> list[Finding]:
    """What the stronger guard finds."""
    with stronger():
        return findings()


def test_every_text_on_record_is_read_in_its_row_and_in_the_ledger() -> None:
    marked_world()
    found = {(one.table, one.column, one.row, one.where) for one in found_now()}
    for table, column in TEXTS:
        row = marked_row(table, column)
        assert {(table, column, row, "on record"), (table, column, row, "ledger")} <= found, (table, column)
    assert ("records_statement", "note", marked_row("records_statement", "note"), "versions") in found


def test_a_former_version_is_read_where_the_row_on_record_is_clean() -> None:
    statement = build.state(build.dataset("Data"), "licence", "MIT", note="Of a zebra.")
    build.amend(statement, note="Better words.")
    assert {(one.version, one.where) for one in found_now()} == {(1, "ledger"), (1, "versions")}


def test_reasons_of_editions_are_read_strictly() -> None:
    build.publishing(build.do.CreateRecord(ref="a", kind="dataset", name="Data"), reason="Because of a quagga.")
    assert [(one.table, one.column, one.rule) for one in found_now()] == [("ledger_edition", "reason", "about_quaggas")]


def test_the_strict_rules_hold_where_a_row_concerns_a_hazard_issue() -> None:
    data = build.dataset("Data", aliases={"quagga data": False})
    mild, hazard = build.issue("Bias"), build.issue("Unlawful links in an index", code="D01", frames=["child_safety"])
    build.state(mild, "impact", data, qualifier="affected", note="Of a quagga.")
    strict = build.state(
        hazard, "impact", data, qualifier="affected", note="Of a quagga.", evidence=[build.says(gist="A quagga.")]
    )
    found = {(one.table, one.row, one.column) for one in found_now()}
    assert found == {("records_statement", strict.id, "note"), ("records_evidence", strict.evidence.get().id, "gist")}


def test_private_tables_jobs_and_mail_are_read(settings: Any) -> None:
    settings.EMAIL_BACKEND = "kb.jobs.mail.QueuedBackend"
    world, editor = make_world(), person("editor")
    proposal = filed(world, summary="The zebra repeats.")
    act(proposal, "take", editor)
    act(proposal, "ask", editor, reason="Which zebra?")
    add_note(proposal, "I know the zebra.", editor)
    add_restricted_evidence(proposal, "A zebra.", "The zebra house", editor)
    DisputeCase.objects.create(key="k", sent_by="k", receipt="r", record_id=world.data.id, text="No zebra.", name="zebra")
    User.objects.filter(id=editor.id).update(credit_name="Zoe zebra")
    EmailMessage("A zebra", "zebra", to=["a@example.org"]).send()
    found = {(one.table, one.column) for one in found_now()}
    assert found == {
        ("review_proposal", "filing"), ("review_proposedchange", "body"), ("review_decision", "reason"),
        ("review_message", "text"), ("review_note", "text"), ("review_restrictedevidence", "description"),
        ("review_restrictedevidence", "held_by"), ("review_disputecase", "text"), ("review_disputecase", "name"),
        ("accounts_user", "credit_name"), ("jobs_job", "payload"),
    }  # fmt: skip
    assert Message.objects.get().id in {one.row for one in found_now() if one.table == "review_message"}


def test_the_strict_rules_hold_for_a_proposal_about_a_hazard_and_for_a_dispute_of_one() -> None:
    world, editor = make_world(), person("editor")
    mild, strict = filed(world), filed(world, code="M02", frames=["child_safety"])
    for proposal in (mild, strict):
        add_note(proposal, "Of a quagga.", editor)
    hazard = build.issue("Unlawful links in an index", code="D01", frames=["child_safety"])
    link = build.state(hazard, "impact", world.data, qualifier="affected")
    DisputeCase.objects.create(key="a", sent_by="a", receipt="a", record_id=world.data.id, text="Of a quagga.")
    by_statement = DisputeCase.objects.create(
        key="b", sent_by="b", receipt="b", record_id=world.data.id, statement_id=link.id, text="Of a quagga."
    )
    found = {(one.table, one.row) for one in found_now()}
    assert found == {("review_note", strict.notes.get().id), ("review_disputecase", by_statement.id)}


def test_what_the_site_itself_writes_is_clean(settings: Any) -> None:
    settings.EMAIL_BACKEND = "kb.jobs.mail.QueuedBackend"
    world, editor = make_world(), person("editor")
    for _ in range(5):
        act(filed(world), "take", editor)
    EmailMessage("A link", f"Open {settings.SITE_ADDRESS}/finding/{'a1B2-' * 8}/ now.", to=["a@example.org"]).send()
    assert Job.objects.filter(kind="mail").count() > 5
    assert findings() == []


def test_the_command_names_place_and_rule_and_never_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    statement = build.state(build.dataset("Data"), "licence", "MIT", note="Of a zebra.")
    with stronger(), pytest.raises(SystemExit) as stopped:
        call_command("rescan")
    said = capsys.readouterr()
    assert stopped.value.code == 1
    assert f"records_statement {statement.id} v1 note: about_zebras (on record)\n" in said.out
    assert "Of a zebra" not in said.out + said.err
    assert "3 findings" in said.err


def test_a_clean_run_says_how_much_it_read_and_is_remembered(capsys: pytest.CaptureFixture[str]) -> None:
    build.every_table()
    call_command("rescan")
    assert f"Clean: version {GUARD_VERSION} of the guard has read" in capsys.readouterr().out
    assert scanned_version() == GUARD_VERSION


def test_a_run_that_finds_something_is_not_remembered_and_the_check_goes_on_warning() -> None:
    Scan.objects.all().delete()
    build.state(build.dataset("Data"), "licence", "MIT", note="Of a zebra.")
    assert found_now()
    assert scanned_version() == 0
    assert [one.id for one in check_scanned(None, ["default"])] == ["review.W001"]


def test_the_check_warns_until_a_stronger_guard_has_read_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    remember(1)
    assert check_scanned(None, ["default"]) == []
    monkeypatch.setattr(rescan, "GUARD_VERSION", GUARD_VERSION + 1)
    assert len(check_scanned(None, ["default"])) == 1
    assert check_scanned(None, None) == []
    assert findings() == []
    assert check_scanned(None, ["default"]) == []


def test_a_new_database_has_nothing_to_be_read_again() -> None:
    Scan.objects.all().delete()
    after_migrations("default")
    assert scanned_version() == GUARD_VERSION
    Scan.objects.all().delete()
    build.dataset("Data")
    after_migrations("default")
    assert scanned_version() == 0


def test_texts_are_read_one_by_one() -> None:
    build.every_table()
    places = public_places()
    assert isinstance(places, Iterator)
    run = Rescan()
    assert list(run.read([next(places)])) == []
    assert run.texts == 1


def test_the_same_text_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    build.every_table()
    asked: list[tuple[str, bool, bool]] = []

    def counting(text: str, *, hazard: bool, quotation: bool) -> None:
        asked.append((text, hazard, quotation))

    monkeypatch.setattr(rescan, "find_rule", counting)
    assert findings() == []
    assert len(asked) == len(set(asked)) > 20


def test_texts_within_json_are_found_at_any_depth_with_the_names_of_fields() -> None:
    nested: object = "deep"
    for _ in range(5_000):
        nested = [nested]
    assert set(texts_within({"a": {"url": "b"}, "c": [1, None, {"d": nested}]})) == {
        ("", "a"), ("", "url"), ("url", "b"), ("", "c"), ("", "d"), ("d", "deep"),
    }  # fmt: skip


def columns(model: type[models.Model]) -> set[str]:
    return {field.attname for field in model._meta.concrete_fields if isinstance(field, CHARACTERS)}


def test_every_column_of_characters_is_read_or_listed_as_no_text() -> None:
    listed: dict[type[models.Model], list[str]] = {model: [] for model in apps.get_models()}
    for registry in (detail.TEXTS, detail.NOT_TEXTS):
        for model, named in registry.items():
            listed[model] += named
    for model, private in PRIVATE.items():
        listed[model] += [*private.texts, *private.others]
    for model, named in listed.items():
        if model._meta.proxy or model._meta.app_label in OTHERS:
            continue
        wanted = columns(model) - ({"frames"} if issubclass(model, PublicRow) else set())  # codes of a vocabulary
        assert sorted(named) == sorted(wanted), model._meta.label


def test_every_private_table_is_listed() -> None:
    public = {*public_models()}
    tables = {model for model in apps.get_models() if not model._meta.proxy and model._meta.app_label not in OTHERS}
    assert tables - public == PRIVATE.keys()


def test_a_record_is_read_strictly_by_its_own_name() -> None:
    hazard = build.issue("Unlawful links in an index", code="D01", frames=["child_safety"])
    strict = {place.hazard for place in public_places() if place.table == "records_record" and place.row == hazard.id}
    assert strict == {True}
    assert Record.objects.count() == 1
    assert marker("records_name", "text") == "zebranametext"
