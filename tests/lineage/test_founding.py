"""The founding world answers the questions it was compiled for: the essay's own, and those of the people it names."""

import json
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from pytest_django import DjangoDbBlocker

from kb.exchange.importers.founding import read_folder
from kb.exchange.sync import sync
from kb.lineage.ask import Answer, Question, ask, root_record
from kb.lineage.load import world_at
from kb.lineage.reach import Reach, artifacts_reached, issues_reaching
from kb.records.issue_codes import HAZARDS
from kb.records.models import Evidence, IssueDetail, Record, Statement
from kb.records.queries import find_record, matching
from kb.records.sources import FOUNDING
from tests.conftest import SHARED

pytestmark = pytest.mark.django_db
SEED = settings.BASE_DIR / "fixtures" / "seed"
NAMED = SHARED / "seed" / "seed_records.json"


@pytest.fixture(scope="module", autouse=True)
def founding_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the founding world once for this module, and take it back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        sync(FOUNDING, read_folder(SEED), actor="seed", reason="The founding world, compiled from public sources.")
        yield
        transaction.set_rollback(True)


def below(slug: str, **more) -> Answer:
    return ask(Question(root_record(slug), "downstream", **more))


def above(slug: str, **more) -> Answer:
    return ask(Question(root_record(slug), "upstream", **more))


def documented(answer: Answer) -> set[str]:
    return {answer.record(node.record).slug for node in answer.outline.nodes}


def leads(answer: Answer) -> set[str]:
    return {answer.record(node.record).slug for node in answer.outline.lead_nodes}


def ways(answer: Answer, slug: str) -> list[tuple[str, str, str]]:
    """The best path to a record: child, predicate and parent of each step, from the root on."""
    nodes = (*answer.outline.nodes, *answer.outline.lead_nodes)
    node = next(node for node in nodes if answer.record(node.record).slug == slug)
    return [
        (answer.record(edge.child).slug, answer.predicate(edge).code, answer.record(edge.parent).slug)
        for edge in answer.path(node)
    ]


def reaching(slug: str) -> dict[str, Reach]:
    return {reach.issue.slug: reach for reach in issues_reaching(find_record(slug))}


def classes(slug: str) -> dict[str, str]:
    return {issue: reach.category for issue, reach in reaching(slug).items()}


# Descent

CHECKPOINTS = {f"stable-diffusion-v1-{number}" for number in range(1, 6)}


def test_below_laion_5b_are_its_parts_and_every_checkpoint_of_stable_diffusion_1():
    found = documented(below("laion-5b"))
    assert {"laion-2b-en", "laion-high-resolution", "laion-aesthetics-v2-5-plus"} | CHECKPOINTS <= found


def test_the_checkpoints_1_3_and_1_4_are_siblings_of_1_5_and_no_ancestors():
    answer = above("stable-diffusion-v1-5")
    everything = documented(answer) | leads(answer)
    assert {"stable-diffusion-v1-2", "stable-diffusion-v1-1"} <= documented(answer)
    assert not everything & {"stable-diffusion-v1-3", "stable-diffusion-v1-4", "stable-diffusion"}


def test_stable_diffusion_1_5_descends_from_common_crawl_by_confirmed_steps():
    answer = below("common-crawl")
    node = next(node for node in answer.outline.nodes if answer.record(node.record).slug == "stable-diffusion-v1-5")
    assert node.status == "confirmed"
    assert ways(answer, "stable-diffusion-v1-5") == [
        ("laion-5b", "collected_from", "common-crawl"),
        ("laion-2b-en", "subset_of", "laion-5b"),
        ("laion-aesthetics-v2-5-plus", "filtered_from", "laion-2b-en"),
        ("stable-diffusion-v1-5", "trained_on", "laion-aesthetics-v2-5-plus"),
    ]


def test_a_dependency_that_was_refined_is_ranked_deprecated_and_draws_no_edge():
    coarse = Statement.objects.get(subject__slug="stable-diffusion-v1-5", predicate="depends_on", object__slug="laion-5b")
    assert coarse.rank == "deprecated"
    node = next(node for node in above("stable-diffusion-v1-5").outline.nodes if node.record == coarse.object_id)
    assert node.depth == 3


def test_clip_as_a_filter_is_shown_and_carries_nothing():
    answer = below("clip-vit-b-32")
    assert "laion-5b" not in documented(answer) | leads(answer)
    assert not CHECKPOINTS & (documented(answer) | leads(answer))
    tools = {(answer.record(edge.child).slug, answer.predicate(edge).code) for edge in answer.outline.not_carried}
    assert ("laion-5b", "filtered_with") in tools
    laion = above("laion-5b")
    assert "clip-vit-b-32" not in documented(laion) | leads(laion)
    assert "clip-vit-b-32" in {laion.record(edge.parent).slug for edge in laion.outline.not_carried}


def test_clip_as_a_part_carries():
    answer = below("clip-vit-l-14")
    assert documented(answer) >= CHECKPOINTS
    assert ways(answer, "stable-diffusion-v1-5") == [("stable-diffusion-v1-5", "contains", "clip-vit-l-14")]
    assert "laion-5b" not in documented(answer) | leads(answer)


def test_products_whose_source_names_a_version_are_findings():
    found = documented(below("laion-5b", kinds=frozenset({"product"})))
    named = Statement.objects.filter(
        predicate="uses_model", object__slug__in=["stable-diffusion-v1-4", "stable-diffusion-v1-5"], subject__kind="product"
    )
    slugs = set(named.values_list("subject__slug", flat=True))
    assert {"diffusionbee", "invokeai", "stable-diffusion-webui"} <= slugs
    assert slugs <= found


def test_products_whose_source_names_only_stable_diffusion_are_leads():
    answer = below("laion-5b", kinds=frozenset({"product"}))
    of_family = Statement.objects.filter(predicate="uses_model", object__slug="stable-diffusion", subject__kind="product")
    family_only = set(of_family.values_list("subject__slug", flat=True)) - documented(answer)
    assert {"canva-text-to-image", "dreamup", "lensa-magic-avatars", "wombo-dream"} <= family_only
    assert family_only <= leads(answer)
    assert all(node.version_not_stated and node.status == "inferred" for node in answer.outline.lead_nodes)
    assert answer.lead_counts["version_not_stated"] == len(answer.outline.lead_nodes)
    assert answer.counts["nodes"] == len(answer.outline.nodes)


def test_what_lies_below_laion_5b_by_more_than_hearsay_names_no_midjourney():
    assert "midjourney" in documented(below("laion-5b"))
    strong = below("laion-5b", min_status="corroborated")
    assert "midjourney" not in documented(strong) | leads(strong)


def test_midjourneys_training_data_is_undisclosed_and_its_descent_from_laion_only_reported():
    answer = above("midjourney")
    midjourney, data = find_record("midjourney-models"), find_record("midjourney-training-data")
    assert answer.is_undisclosed(midjourney.id)
    assert answer.counts["undisclosed_training_data"] == 1
    assert {"midjourney-models", "midjourney-training-data", "laion-5b"} <= documented(answer)
    assert {node.status for node in answer.outline.nodes} == {"reported"}
    assert data.kind == "dataset"
    assert not world_at().undisclosed & {find_record(slug).id for slug in CHECKPOINTS}


# Issues


def test_re_laion_5b_does_not_show_the_finding_it_fixed_and_keeps_the_others():
    for slug in ("re-laion-5b", "re-laion-5b-research", "re-laion-5b-research-safe"):
        found = classes(slug)
        assert found["csam-links-in-laion-5b"] == "remediated"
        assert found["copyrighted-art-in-laion-5b"] == "possibly_inherited"
        assert found["private-medical-photos-in-laion-5b"] == "possibly_inherited"
        assert found["childrens-photos-in-laion-5b"] == "present"
        assert reaching(slug)["childrens-photos-in-laion-5b"].mitigated
        own = reaching(slug)["csam-links-in-laion-5b"].own
        assert own is not None and (own.qualifier, own.start) == ("fixed", "2024-08-30")


def test_stable_diffusion_1_5_keeps_the_finding_of_december_2023_as_a_possible_one():
    """Every way from LAION-5B passes a partial step: the English part is a subset, and what was trained on is filtered."""
    reach = reaching("stable-diffusion-v1-5")["csam-links-in-laion-5b"]
    assert reach.category == "possibly_inherited"
    assert reach.origin.slug == "laion-5b"
    assert [(step.child.slug, step.carries, step.status) for step in reach.path] == [
        ("laion-2b-en", "partial", "confirmed"),
        ("laion-aesthetics-v2-5-plus", "partial", "confirmed"),
        ("stable-diffusion-v1-5", "full", "confirmed"),
    ]
    assert reach.weakest == reach.path[0]
    assert not reach.mitigated


def test_no_full_path_joins_laion_5b_to_a_checkpoint():
    answer = below("laion-5b")
    carries = {answer.record(node.record).slug: node.carries for node in answer.outline.nodes}
    assert {carries[slug] for slug in CHECKPOINTS} == {"partial"}


def test_what_was_measured_in_the_english_part_is_inherited_by_what_was_trained_on_it():
    reach = reaching("stable-diffusion-v1-5")["hateful-content-scaling"]
    assert (reach.category, reach.origin.slug) == ("inherited", "laion-2b-en")
    assert {step.carries for step in reach.path} == {"full"}


def test_a_product_that_names_only_the_family_possibly_inherits_and_the_weakest_step_says_why():
    reach = reaching("canva-text-to-image")["csam-links-in-laion-5b"]
    assert reach.category == "possibly_inherited"
    assert any(step.version_not_stated and step.status == "inferred" for step in reach.path)
    assert reach.weakest is not None and reach.weakest.carries == "unknown"


def test_laion_400m_is_not_accused_of_what_was_found_in_laion_5b():
    assert "csam-links-in-laion-5b" not in classes("laion-400m")


def test_a_present_issue_is_one_that_a_source_states_of_that_very_artifact():
    for issue in Record.objects.filter(kind="issue"):
        stated = Statement.objects.filter(subject=issue, predicate="impact", qualifier__in=["affected", "mitigated"])
        present = {reach.record.id for reach in artifacts_reached(issue) if reach.category == "present"}
        assert present == set(stated.values_list("object_id", flat=True))


def test_no_severity_is_assessed_and_none_is_shown_on_what_inherits():
    factors = ("gravity", "scale", "irreversibility", "downstream_reach")
    assert set(IssueDetail.objects.values_list(*factors)) == {(None, None, None, None)}
    assert not [name for name in Reach.__slots__ if "severity" in name]


def test_hazard_issues_await_their_editors():
    hazards = IssueDetail.objects.filter(code__in=HAZARDS)
    assert find_record("csam-links-in-laion-5b").id in set(hazards.values_list("record_id", flat=True))
    assert all(detail.awaits_editors for detail in hazards)


def test_every_impact_that_counts_has_a_source_that_was_read():
    counting = Statement.objects.filter(predicate="impact").exclude(status="needs_source")
    assert not counting.exclude(evidence__stance__in=["supports", "disputes"]).exists()


# Records and figures


def test_two_names_of_the_aesthetic_subset_are_two_records_joined_by_a_proposal():
    first, second = find_record("laion-improved-aesthetics"), find_record("laion-aesthetics-v2-5-plus")
    assert first.merged_into_id is None and second.merged_into_id is None
    assert Statement.objects.filter(
        Q(subject=first, object=second) | Q(subject=second, object=first), predicate="possibly_same_as"
    ).exists()


def test_the_four_figures_stand_side_by_side_and_each_says_what_it_counts():
    figures = Statement.objects.filter(subject__slug="csam-links-in-laion-5b", predicate="figure")
    measures = dict(figures.values_list("value_integer", "qualifier"))
    assert {number: measures[number] for number in (1008, 3226, 1679, 2236)} == {
        1008: "links_validated", 3226: "links_suspected", 1679: "links_identified", 2236: "links_removed",
    }  # fmt: skip
    assert all(figure.note for figure in figures)


def test_the_paper_of_2021_is_about_laion_400m():
    covers = Statement.objects.filter(subject__slug="birhane-2021", predicate="covers")
    covered = set(covers.values_list("object__slug", flat=True))
    assert "laion-400m" in covered and "laion-5b" not in covered
    assert classes("laion-400m")["misogyny-and-racism-in-laion"] == "present"
    assert "misogyny-and-racism-in-laion" not in classes("laion-5b")


def test_the_founding_world_is_large_enough():
    assert Record.objects.count() >= 120
    assert Statement.objects.count() >= 250


def test_every_statement_has_evidence_or_is_listed_as_needing_a_source():
    bare = Statement.objects.annotate(rows=Count("evidence")).filter(rows=0)
    assert not bare.exclude(status="needs_source").exists()
    unsourced = Statement.objects.filter(status="needs_source")
    assert unsourced.count() < 10


def test_every_piece_of_evidence_cites_a_report_and_says_it_in_our_own_words():
    assert not Evidence.objects.exclude(report__kind="report").exists()
    assert not Evidence.objects.filter(gist="").exists()
    assert not Evidence.objects.exclude(quotation="").exists()


def test_every_record_stands_once():
    slugs = list(Record.objects.values_list("slug", flat=True))
    assert len(set(slugs)) == len(slugs) == len(list(SEED.glob("*/*.yaml"))) - len(list(SEED.glob("extra/*.yaml")))


def test_loading_twice_changes_nothing():
    outcome = sync(FOUNDING, read_folder(SEED), actor="seed", reason="Once more.")
    assert outcome.counts.total() == 0
    assert outcome.editions == []


# The names of the essay. A name that the founding world writes otherwise is mapped to the record that it means.

WRITTEN_OTHERWISE = {
    "ds-laion-aes": ["laion-improved-aesthetics", "laion-aesthetics-v2-5-plus"],
    "p-explore": ["have-i-been-trained", "laion-clip-retrieval"],
    "i-csam": ["csam-links-in-laion-5b"],
    "i-misogyny": ["misogyny-and-racism-in-laion"],
    "i-copyright": ["copyrighted-art-in-laion-5b"],
    "i-location": ["location-data-in-laion-5b", "childrens-photos-in-laion-5b"],
    "i-atrocity": ["atrocity-imagery-in-laion"],
    "i-medical": ["private-medical-photos-in-laion-5b"],
    "i-workers": ["data-workers-exposed-to-trauma"],
    "i-memor": ["memorisation-in-stable-diffusion"],
    "i-nochild": ["no-known-list-check-of-laion-5b"],
    "i-obfusc": ["undisclosed-training-data-midjourney", "undisclosed-training-data-clip"],
    "rep-thiel": ["thiel-2023"],
    "rep-birhane21": ["birhane-2021"],
    "rep-birhane23": ["birhane-2023"],
    "rep-ncmec": ["ncmec-cybertipline-2022"],
    "rep-time": ["time100-ai-2023"],
    "rep-a16z": ["a16z-copyright-comment-2023"],
    "rep-essay": ["salvaggio-essay"],
    "leg-aifmta": ["hr-6881-118", "hr-8094-119"],
    "for-schumer": ["wikipedia-ai-insight-forums"],
    "pa-a16z-a16z": ["a16z"],
    "pa-ncmec-ncmec": ["ncmec"],
    "pa-time-magazine": ["time-magazine"],
    "pa-ai4media-ai": ["ai4media", "better-images-of-ai"],
    "af-children-appear": ["children-whose-images-appear"],
    "af-victims-CSAM": ["victims-in-known-csam"],
    "af-communities-analysis": ["communities-under-automated-analysis"],
}
# What the essay speaks of without naming a thing that a record could stand for.
NO_RECORD = {
    "m-unlearn": "“thousands of image generating tools”: a number, no record",
    "p-deepfake": "a class of products, none of them named",
    "leg-focus": "a claim about a law, which stands on the law",
}


def named_records() -> list[dict[str, str]]:
    return json.loads(NAMED.read_text())["records"] if NAMED.exists() else []


@pytest.mark.shared
@pytest.mark.skipif(not NAMED.exists(), reason="the list of what the essay names does not lie beside the project")
@pytest.mark.parametrize("named", named_records(), ids=lambda named: named["id"])
def test_everything_that_the_essay_names_is_on_record(named):
    if named["id"] in NO_RECORD:
        pytest.skip(NO_RECORD[named["id"]])
    if slugs := WRITTEN_OTHERWISE.get(named["id"]):
        assert set(Record.objects.filter(slug__in=slugs).values_list("slug", flat=True)) == set(slugs)
        return
    name = named["name"].partition(" (")[0]
    kind = "party" if named["kind"] in {"affected group", "regulator"} else named["kind"].split()[0].partition("/")[0]
    found = matching(Record.objects.filter(kind=kind), name)
    assert found.exists(), f"{name} is found by no name"
