"""Ecosystem Graphs as it is, alone and beside the founding world: counts that were taken by hand, and no wrong inheritance."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from kb.exchange.importers.ecosystem_graphs import read_folder
from kb.ledger.write import current_edition
from kb.lineage.ask import Answer, Question, ask
from kb.records.models import Record, SourceKey, Statement
from kb.records.queries import speaker

pytestmark = pytest.mark.shared

FOLDER = Path(settings.BASE_DIR).parent / "shared" / "data" / "ecosystem-graphs"
RECONCILE = Path(settings.BASE_DIR) / "fixtures" / "reconcile" / "ecosystem-graphs.yaml"


def import_it() -> str:
    out = StringIO()
    call_command("import_source", "ecosystem-graphs", str(FOLDER), stdout=out)
    return out.getvalue()


def seed() -> None:
    call_command("seed", stdout=StringIO())


def record(external_id: str) -> Record:
    return speaker(SourceKey.objects.select_related("record").get(source="ecosystem-graphs", external_id=external_id).record)


def ours(slug: str) -> Record:
    return Record.objects.get(slug=slug)


def downstream(root: Record) -> Answer:
    return ask(Question(root=root, direction="downstream"))


def reached(root: Record) -> dict[str, set[str]]:
    """Slugs of everything downstream: documented and leads."""
    answer = downstream(root)
    groups = {"documented": answer.outline.nodes, "leads": answer.outline.lead_nodes}
    return {group: {answer.record(node.record).slug for node in nodes} for group, nodes in groups.items()}


def products(root: Record) -> set[str]:
    answer = downstream(root)
    return {
        answer.record(node.record).slug for node in (*answer.outline.nodes, *answer.outline.lead_nodes) if node.kind == "product"
    }


def test_every_asset_and_every_dependency_is_read() -> None:
    counts = read_folder(FOLDER).counts
    assert counts["entries", "read"] == 639
    assert [counts["records", kind] for kind in ("dataset", "model", "product")] == [112, 429, 98]
    assert counts["dependencies", "rows"] == 816
    ways = ("resolved by name", "resolved by name and organisation", "ambiguous", "unresolved")
    assert sum(counts["dependencies", way] for way in ways) == 816
    assert counts["names", "unresolved"] == 240
    assert counts["names", "carried by several records, which stay apart"] == 5
    assert counts["spellings", "possibly the same: two organisations"] == 4
    assert counts["dropped for safety", "sample"] == 112
    assert counts["stray fields", "value"] == 1
    assert sum(count for (heading, _), count in counts.items() if heading == "created_date") == 639


@pytest.mark.django_db
def test_alone_it_gives_the_lineage_that_its_names_cannot() -> None:
    import_it()
    assert len(reached(record("laion:dataset:LAION-5B"))["documented"]) == 9
    assert len(reached(record("eleutherai:dataset:The Pile"))["documented"]) == 32
    assert products(record("name:CommonCrawl")) == products(record("name:Common Crawl")) == set()
    parents = Statement.objects.filter(subject=record("openai:application:Dragonfly API"), predicate="depends_on")
    assert [statement.object for statement in parents] == [record("openai:model:Dragonfly")]


@pytest.fixture
def product_sets(db: None) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The founding world with the source beside it, and the products below its datasets and models before and after."""
    roots = ("laion-5b", "laion-2b-en", "laion-400m", "common-crawl", "stable-diffusion", "clip")
    seed()
    before = {slug: products(ours(slug)) for slug in roots}
    import_it()
    return before, {slug: products(ours(slug)) for slug in roots}


def test_beside_the_founding_world_nothing_is_inherited_through_a_name(
    product_sets: tuple[dict[str, set[str]], dict[str, set[str]]],
) -> None:
    before, after = product_sets
    assert after == before, "a product gained a dataset that no reviewed statement gives it"
    assert not reached(ours("clip"))["documented"] & {"laion-5b", "laion-2b-en", "laion-400m"}, "CLIP was their filter"
    assert record("laion_ev:model:Re-LAION-5B").slug not in reached(ours("laion-5b"))["documented"], "it is typed as a model"
    assert record("name:LAION") != ours("laion-5b"), "a bare name is proposed, never merged"
    assert record("stability:application:Stable Diffusion") != ours("stable-diffusion"), "a family takes no lineage of a card"
    every_reviewed_row_applies()


def every_reviewed_row_applies() -> None:
    """A fixture that names a record which does not exist would do nothing, silently."""
    content = yaml.safe_load(RECONCILE.read_text(encoding="utf-8"))
    merged = {match["theirs"]: match["ours"] for match in content["matches"] if match.get("action", "same") == "same"}
    assert {theirs: record(theirs).slug for theirs in merged} == merged
    proposals = Statement.objects.filter(
        predicate="possibly_same_as", note__gt="", subject__source_keys__source="ecosystem-graphs"
    )
    assert proposals.count() == len(content["matches"]) - len(merged)
    refined = Statement.objects.filter(rank="deprecated", subject__source_keys__source="ecosystem-graphs")
    assert refined.count() == len(content["refined"])


def seed_then_import() -> None:
    seed()
    import_it()


def import_then_seed() -> None:
    import_it()
    seed()


@pytest.mark.django_db
@pytest.mark.parametrize("load", [seed_then_import, import_then_seed])
def test_both_orders_of_seed_and_import_give_the_same_lineage_and_a_second_run_changes_nothing(load: Callable[[], None]) -> None:
    load()
    before = current_edition()
    assert "0 changes published" in import_it()
    seed()
    assert current_edition() == before
    found = reached(ours("laion-5b"))
    assert (len(found["documented"]), len(found["leads"])) == (68, 12)
    assert {slug for slug in found["documented"] if slug.startswith("eg-")} == {"eg-kosmos-1"}
    assert {slug for slug in reached(ours("laion-400m"))["documented"] if slug.startswith("eg-")} == {
        "eg-kosmos-1", "eg-parti", "eg-phenaki", "eg-taiyi-diffusion-xl",
    }  # fmt: skip
