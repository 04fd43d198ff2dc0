"""Asking from end to end: errors in one sentence, answers with names and evidence, and no query for each node."""

from datetime import date

import pytest

from kb.core.errors import InvalidInput, NotFound, UserError
from kb.ledger.models import Change
from kb.ledger.write import current_edition, purge
from kb.lineage.ask import Answer, Question, ask, read_day, root_record
from kb.lineage.reach import artifacts_reached, issues_reaching
from kb.records import changes as do
from kb.records.models import Record
from tests import build

pytestmark = pytest.mark.django_db


def below(root: Record, **more) -> Answer:
    return ask(Question(root, "downstream", **more))


def names(answer: Answer) -> list[str]:
    return [answer.record(node.record).name for node in answer.outline.nodes]


def leads(answer: Answer) -> list[str]:
    return [answer.record(node.record).name for node in answer.outline.lead_nodes]


@pytest.fixture
def laion(db) -> Record:
    """LAION -> SD -> App, and CLIP as a tool."""
    laion, sd, app, clip = build.dataset("LAION"), build.model("SD"), build.product("App"), build.model("CLIP")
    build.state(sd, "trained_on", laion, status="confirmed")
    build.state(app, "uses_model", sd, start="2023")
    build.state(laion, "filtered_with", clip, status="confirmed")
    return laion


@pytest.mark.parametrize(
    "asked",
    [
        {"kinds": frozenset({"party"})},
        {"kinds": frozenset({"nonsense"})},
        {"predicates": frozenset({"creator"})},
        {"predicates": frozenset({"x" * 500})},
        {"min_status": "certain"},
        {"min_status": "needs_source"},
        {"min_status": "refuted"},
        {"min_status": "retracted"},
        {"depth": 0},
        {"depth": -1},
        {"depth": 1001},
        {"edition": 0},
        {"edition": -1},
        {"edition": 999},
    ],
)
def test_a_question_that_cannot_be_asked_is_answered_with_one_sentence(laion, asked):
    with pytest.raises(InvalidInput) as refused:
        below(laion, **asked)
    words = str(refused.value)
    assert 10 < len(words) < 300
    assert words[-1] == "." and words[0] in "ATL“"


@pytest.mark.parametrize("make", [build.party, build.report, lambda: build.issue("Bias"), lambda: build.law("AI Act")])
def test_lineage_does_not_start_from_what_it_does_not_run_through(make):
    record = make()
    with pytest.raises(InvalidInput, match="Lineage runs through datasets, models and products"):
        root_record(record.slug)
    with pytest.raises(InvalidInput, match="Lineage runs through"):
        root_record(record.slug, current_edition())


def test_a_root_that_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        root_record("no-such-record")


def test_a_root_that_was_not_on_record_then_is_not_found(laion):
    then = current_edition()
    later = build.model("Later")
    with pytest.raises(NotFound, match=f"not on record at edition {then}"):
        below(later, edition=then)
    with pytest.raises(NotFound, match=f"not on record at edition {then}"):
        root_record("later", then)


@pytest.mark.parametrize("text", ["2022-13", "yesterday", "22", "2022-02-30"])
def test_a_day_that_is_none_is_refused(text):
    with pytest.raises(UserError):
        read_day(text)


def test_a_month_or_a_year_means_its_last_day():
    assert [read_day(text) for text in ("2022", "2022-02", "2022-02-03", "")] == [
        date(2022, 12, 31), date(2022, 2, 28), date(2022, 2, 3), None,
    ]  # fmt: skip


def test_an_answer_names_its_nodes_counts_them_and_holds_the_evidence_of_every_step(laion):
    answer = below(laion)
    assert names(answer) == ["SD", "App"]
    assert answer.counts == {
        "nodes": 2, "by_kind": {"model": 1, "product": 1}, "by_status": {"confirmed": 1, "reported": 1},
        "undisclosed_training_data": 0,
    }  # fmt: skip
    for edge in (*answer.outline.edges, *answer.outline.not_carried):
        assert answer.statement(edge).status == edge.status
        assert answer.evidence[edge.statement]
        assert answer.record(edge.child) and answer.record(edge.parent)
    app = answer.outline.nodes[-1]
    assert [answer.predicate(edge).code for edge in answer.path(app)] == ["trained_on", "uses_model"]
    assert [answer.number_of[edge.index] for edge in answer.path(app)] == [1, 2]


def test_a_tool_is_shown_beside_the_answer(laion):
    answer = ask(Question(laion, "upstream"))
    assert names(answer) == []
    assert [answer.record(edge.parent).name for edge in answer.outline.not_carried] == ["CLIP"]


def test_filters_narrow_the_answer_and_the_answer_repeats_them(laion):
    assert names(below(laion, kinds=frozenset({"product"}))) == ["App"]
    assert names(below(laion, depth=1)) == ["SD"]
    assert names(below(laion, depth=1000)) == ["SD", "App"]
    assert names(below(laion, min_status="confirmed")) == ["SD"]
    assert names(below(laion, predicates=frozenset({"trained_on"}))) == ["SD"]
    assert names(below(laion, on=date(2022, 6, 1))) == ["SD"]
    given = Question(laion, "downstream", depth=1, on=date(2022, 6, 1), kinds=frozenset({"product", "model"})).as_given
    assert given == {"kind": ["model", "product"], "depth": 1, "on": "2022-06-01"}


def test_asked_for_products_alone_an_answer_documents_every_step_to_them(laion):
    answer = below(laion, kinds=frozenset({"product"}))
    assert [answer.record(edge.child).name for edge in answer.outline.edges] == ["SD", "App"]
    assert answer.outline.lead_edges == ()


def test_an_answer_says_from_which_edition_it_is_and_the_next_one_is_another(laion):
    first, then = below(laion), current_edition()
    later = build.model("Later")
    build.state(later, "trained_on", laion)
    second = below(laion)
    assert (names(first), first.edition) == (["SD", "App"], then)
    assert (sorted(names(second)), second.edition) == (["App", "Later", "SD"], current_edition())
    assert names(below(laion, edition=first.edition)) == names(first)


def test_a_past_answer_keeps_its_names_its_evidence_and_its_status(laion):
    then = current_edition()
    sd = root_record("sd")
    link = below(laion).outline.edges[0].statement
    build.publishing(do.RenameRecord(record=sd.id, name="Stable Diffusion"))
    build.publishing(do.AddEvidence(statement=link, evidence=build.says(stance="disputes")))
    now, past = below(laion), below(laion, edition=then)
    assert (names(now)[0], names(past)[0]) == ("Stable Diffusion", "SD")
    assert (now.outline.nodes[0].status, past.outline.nodes[0].status) == ("disputed", "confirmed")
    assert (len(now.evidence[link]), len(past.evidence[link])) == (2, 1)
    build.publishing(do.RetractStatement(statement=link))
    assert names(below(laion)) == []
    assert names(below(laion, edition=then)) == ["SD", "App"]


def test_a_merged_root_is_read_as_its_speaker_now_and_as_itself_then(laion):
    other = build.dataset("laion5b")
    build.state(build.model("Borrower"), "trained_on", other)
    then = current_edition()
    build.merge(other, laion)
    assert root_record("laion5b") == laion
    assert names(below(root_record("laion5b"))) == ["SD", "Borrower", "App"]
    root = root_record("laion5b", then)
    assert root.name == "laion5b"
    assert names(below(root, edition=then)) == ["Borrower"]
    assert names(below(laion, edition=then)) == ["SD", "App"]


def test_counts_of_leads_tell_how_many_only_a_family_leads_to(laion):
    family, sd = build.model("Stable Diffusion"), root_record("sd")
    build.state(sd, "version_of", family, status="confirmed")
    build.state(build.product("Unnamed"), "uses_model", family, status="confirmed")
    build.state(build.model("Guess"), "trained_on", laion, status="inferred")
    answer = below(laion)
    assert sorted(leads(answer)) == ["Guess", "Stable Diffusion", "Unnamed"]
    assert answer.lead_counts["nodes"] == 3
    assert answer.lead_counts["version_not_stated"] == 2


def test_an_answer_counts_those_whose_training_data_is_undisclosed(laion):
    build.state(root_record("sd"), "disclosure", "not_disclosed", qualifier="training_data")
    answer = below(laion)
    assert answer.counts["undisclosed_training_data"] == 1
    assert [answer.is_undisclosed(node.record) for node in answer.outline.nodes] == [True, False]


@pytest.mark.parametrize("past", [False, True])
def test_the_number_of_queries_does_not_grow_with_the_number_of_nodes(laion, past, django_assert_max_num_queries):
    report = build.report()
    changes: list[do.Change] = []
    for number in range(400):
        parent = f"m{number - 1}" if number % 20 else laion.id
        said = do.AddStatement(subject=f"m{number}", predicate="depends_on", object=parent, evidence=(build.says(report),))
        changes += [do.CreateRecord(ref=f"m{number}", kind="model", name=f"Model {number}"), said]
    build.publishing(*changes)
    edition = current_edition() if past else None
    if past:
        build.dataset("Newcomer")
    with django_assert_max_num_queries(20):
        answer = below(laion, edition=edition)
    assert answer.counts["nodes"] == 402


def test_the_number_of_queries_for_issues_does_not_grow_with_issues_or_nodes(laion, django_assert_max_num_queries):
    for number in range(5):
        build.state(build.issue(f"Issue {number}"), "impact", laion, qualifier="affected")
    app = root_record("app")
    with django_assert_max_num_queries(8):
        assert len(issues_reaching(app)) == 5


# Issues, with names


@pytest.fixture
def bias(laion) -> Record:
    """An issue that affects LAION."""
    bias = build.issue("Bias")
    build.state(bias, "impact", laion, qualifier="affected", status="confirmed")
    return bias


def test_both_sides_of_an_issue_say_the_same(bias):
    reached = artifacts_reached(bias)
    assert [(reach.record.name, reach.category) for reach in reached] == [
        ("LAION", "present"), ("App", "inherited"), ("SD", "inherited"),
    ]  # fmt: skip
    for reach in reached:
        (other,) = issues_reaching(reach.record)
        assert other == reach


def test_a_reach_names_every_step_from_parent_to_child_and_the_weakest(bias):
    (reach,) = issues_reaching(root_record("app"))
    assert [(step.child.name, step.reads, step.parent.name, step.status) for step in reach.path] == [
        ("SD", "was trained on", "LAION", "confirmed"), ("App", "ran on", "SD", "reported"),
    ]  # fmt: skip
    assert reach.weakest == reach.path[-1]
    assert (reach.origin.name, reach.impact.qualifier, reach.own, reach.mitigated) == ("LAION", "affected", None, False)


def test_the_step_to_a_family_reads_the_right_way_round_and_is_inferred(bias):
    family = build.model("Stable Diffusion")
    build.state(root_record("sd"), "version_of", family, status="confirmed")
    (reach,) = issues_reaching(family)
    step = reach.path[-1]
    assert (step.child.name, step.reads, step.parent.name) == ("Stable Diffusion", "has the version", "SD")
    assert (step.status, step.carries, step.version_not_stated) == ("inferred", "unknown", True)
    assert reach.category == "possibly_inherited"


def test_a_fix_on_record_is_named_beside_what_it_stopped(bias, laion):
    release = build.dataset("Re-LAION")
    build.state(release, "revision_of", laion, status="confirmed")
    fix = build.state(bias, "impact", release, qualifier="fixed", start="2024-08-30")
    (reach,) = issues_reaching(release)
    assert reach.category == "remediated"
    assert reach.own is not None and reach.own.statement_id == fix.id


def test_a_mitigation_is_marked_on_all_that_inherits(bias, laion):
    build.state(bias, "impact", laion, qualifier="mitigated", start="2024")
    assert {reach.record.name: reach.mitigated for reach in artifacts_reached(bias)} == {"LAION": True, "SD": True, "App": True}


def test_a_merged_issue_reaches_what_the_one_that_speaks_for_it_reaches(bias):
    double = build.issue("Bias again")
    build.merge(double, bias)
    assert artifacts_reached(Record.objects.get(id=double.id)) == artifacts_reached(bias) != []


def test_an_issue_reached_nothing_before_its_impact_was_on_record(bias, laion):
    before = current_edition() - 1
    while issues_reaching(laion, before):
        before -= 1
    assert artifacts_reached(bias, current_edition()) != []
    assert issues_reaching(root_record("app"), before) == []


def test_an_issue_whose_past_was_purged_is_not_shown_in_that_past(bias, laion):
    then = current_edition()
    build.publishing(do.RenameRecord(record=bias.id, name="Another name"))
    announced = Change.objects.filter(table=Record._meta.db_table, row_id=bias.id, edition__lte=then)
    purge(announced.values_list("sequence", flat=True), actor="test", reason="A test purges a name.")
    assert issues_reaching(laion, then) == []
    assert artifacts_reached(bias, then) == []
    assert len(issues_reaching(laion)) == 1


def test_severity_is_no_word_of_what_merely_inherits(bias):
    assert not any("severity" in field for field in issues_reaching(root_record("app"))[0].__slots__)


def test_an_issue_of_conduct_is_told_where_a_source_says_so_and_reaches_nothing_else(laion):
    sd = Record.objects.get(name="SD")
    removed, toxic = build.issue("Search taken away", code="G07"), build.issue("Toxic text", code="D04")
    for issue in (removed, toxic):
        build.state(issue, "impact", laion, qualifier="affected")
    assert [reach.record.name for reach in artifacts_reached(removed)] == ["LAION"]
    assert [reach.issue.name for reach in issues_reaching(sd)] == ["Toxic text"]
