"""Whom a proposal accuses, so that it is asked first: of each issue by itself, and by whichever change it comes about."""

from collections.abc import Callable
from datetime import date

import pytest

from kb.records import changes as do
from kb.records.models import Record, Reply, Statement
from kb.review.asked import newcomers_to_ask, parties_to_ask
from kb.review.changes import stored
from kb.review.edit import add_change
from kb.review.gates import open_gates
from tests import build
from tests.review.desk import World, filed, person

pytestmark = pytest.mark.django_db


def present(name: str, artifact: Record) -> Record:
    """Publish an issue that is present in an artifact."""
    found = build.issue(name, code="M01", frames=["privacy"])
    build.state(found, "impact", artifact, qualifier="affected")
    return found


def renamed(issue: Record) -> do.Change:
    return do.RenameRecord(record=issue.id, name=f"{issue.name}, and leaks them")


@pytest.fixture
def issue(world: World) -> Record:
    return present("Painter repeats faces", world.model)


def test_a_reply_on_one_issue_is_no_word_on_another(world: World, issue: Record) -> None:
    other = present("Painter repeats voices", world.model)
    build.reply(issue, world.maker)
    assert parties_to_ask([renamed(issue)]) == set()
    assert parties_to_ask([renamed(other)]) == {world.maker.id}
    assert parties_to_ask([renamed(issue), renamed(other)]) == {world.maker.id}


@pytest.mark.parametrize(("state", "more", "has"), [
    ("waived", {"reason": "It is known.", "asked": None, "due": None}, False), ("requested", {}, False),
    ("declined", {"answered": date(2024, 1, 9)}, True), ("no_response", {}, True),
])  # fmt: skip
def test_only_who_answered_or_let_the_day_pass_has_had_the_word(
    world: World, issue: Record, state: str, more: dict[str, object], has: bool
) -> None:
    build.reply(issue, world.maker, state=state, **more)
    assert Reply.objects.filter(record=issue, state=state).exists()
    assert parties_to_ask([renamed(issue)]) == (set() if has else {world.maker.id})


@pytest.mark.parametrize("fields", [{"code": "D01"}, {"gravity": 3}, {"severity_override": "S5"}, {"harm_status": "event"}])
def test_another_code_or_severity_asks_everybody_again(world: World, issue: Record, fields: dict[str, object]) -> None:
    build.reply(issue, world.maker)
    assert parties_to_ask([do.AmendDetail(record=issue.id, fields=fields)]) == {world.maker.id}
    assert parties_to_ask([do.AmendDetail(record=issue.id, fields={"credit": "Ada"})]) == set()


@pytest.mark.parametrize("named", [
    lambda issue: do.AddAlias(record=issue, text="The theft of faces"),
    lambda issue: do.AddIdentifier(record=issue, scheme="cve", value="CVE-2024-1"),
])  # fmt: skip
def test_another_name_of_an_issue_is_asked_about(world: World, issue: Record, named: object) -> None:
    assert callable(named)
    assert parties_to_ask([named(issue.id)]) == {world.maker.id}


@pytest.mark.parametrize("role", ["respondent", "defendant", "operator", "provider", "creator"])
def test_a_party_that_an_issue_names_as_the_accused_is_asked(world: World, issue: Record, role: str) -> None:
    zeta = build.party("Zeta")
    created = do.CreateRecord(ref="new:i", kind="issue", name="A union claims that Zeta misled", detail={"code": "G06"})
    assert parties_to_ask([created, do.AddStatement(subject="new:i", predicate=role, object=zeta.id)]) == {zeta.id}
    assert zeta.id in parties_to_ask([do.AddStatement(subject=issue.id, predicate=role, object=zeta.id)])


def test_a_party_that_an_issue_on_file_names_is_asked_when_it_is_worded_anew_or_named_again(world: World) -> None:
    conduct, zeta = build.issue("A union claims that Zeta misled", code="G06", frames=["transparency"]), build.party("Zeta")
    role = build.state(conduct, "respondent", zeta)
    assert parties_to_ask([renamed(conduct)]) == {zeta.id}
    build.publishing(do.RetractStatement(statement=role.id))
    assert parties_to_ask([renamed(conduct)]) == set()
    assert parties_to_ask([do.RestoreStatement(statement=role.id)]) == {zeta.id}


def test_who_found_reported_or_suffers_an_issue_is_not_accused(world: World) -> None:
    finder, group = build.party("A lab"), build.party("Artists", type="group")
    created = do.CreateRecord(ref="new:i", kind="issue", name="Painter copies", detail={"code": "M01"})
    said = [do.AddStatement(subject="new:i", predicate="finder", object=finder.id)]
    said.append(do.AddStatement(subject="new:i", predicate="affected_group", object=group.id))
    assert parties_to_ask([created, *said]) == set()


def test_merging_an_affected_artifact_asks_who_answers_for_the_other(world: World, issue: Record) -> None:
    clean, same = build.model("Clean Model"), build.model("Painter v1.5")
    other = build.responsible(clean)
    build.state(same, "creator", world.maker)
    assert parties_to_ask([do.MergeRecord(record=world.model.id, into=clean.id)]) == {other.id}
    assert parties_to_ask([do.MergeRecord(record=clean.id, into=world.model.id)]) == {other.id}
    assert parties_to_ask([do.MergeRecord(record=same.id, into=world.model.id)]) == set()
    assert parties_to_ask([do.MergeRecord(record=clean.id, into=same.id)]) == set()


def test_merging_an_affected_name_into_a_new_record_asks_whom_the_proposal_calls_its_maker(world: World) -> None:
    name, zeta = build.unresolved("Painter"), build.party("Zeta")
    present("Painter repeats faces", name)
    created = do.CreateRecord(ref="new:m", kind="model", name="Painter 3")
    role = do.AddStatement(subject="new:m", predicate="creator", object=zeta.id)
    assert parties_to_ask([created, role, do.MergeRecord(record=name.id, into="new:m")]) == {zeta.id}


def test_merging_two_issues_asks_whom_only_one_of_them_accuses(world: World, issue: Record) -> None:
    other = build.model("Other Model")
    maker = build.responsible(other)
    joined = present("Models steal voices", other)
    assert parties_to_ask([do.MergeRecord(record=issue.id, into=joined.id)]) == {world.maker.id, maker.id}
    again = present("Painter repeats faces again", world.model)
    assert parties_to_ask([do.MergeRecord(record=issue.id, into=again.id)]) == set()


def test_an_issue_speaks_for_what_those_merged_with_it_affect(world: World, issue: Record) -> None:
    other = build.issue("Faces leak", code="M01", frames=["privacy"])
    build.publishing(do.MergeRecord(record=issue.id, into=other.id))
    assert parties_to_ask([renamed(other)]) == {world.maker.id}


def test_what_is_said_of_an_issue_again_asks_as_when_it_was_new(world: World, issue: Record) -> None:
    said = build.state(issue, "described_as", "Everybody there knew.")
    build.reply(issue, world.maker)
    build.publishing(do.RetractStatement(statement=said.id))
    assert parties_to_ask([do.RestoreStatement(statement=said.id)]) == {world.maker.id}


def test_moving_an_impact_asks_who_answers_for_where_it_goes(world: World, issue: Record) -> None:
    link = issue.statements.get(predicate="impact")
    other = build.model("Other Model")
    maker = build.responsible(other)
    moved = do.MoveStatement(record=world.model.id, statement=link.id, to=other.id)
    assert parties_to_ask([moved]) == {maker.id}


@pytest.mark.parametrize("qualifier", ["fixed", "not_affected", "mitigated"])
@pytest.mark.parametrize("taken", [
    lambda row: do.RetractStatement(statement=row.id),
    lambda row: do.AmendStatement(statement=row.id, fields={"override": "refuted", "override_reason": "Nobody checked."}),
    lambda row: do.AddEvidence(statement=row.id, evidence=build.says(build.report("A recount"), stance="disputes")),
])  # fmt: skip
def test_taking_back_or_disputing_what_speaks_for_a_maker_asks_it(
    world: World, issue: Record, qualifier: str, taken: Callable[[Statement], do.Change]
) -> None:
    other = build.model("Painter 2")
    maker = build.responsible(other)
    row = build.state(issue, "impact", other, qualifier=qualifier)
    build.reply(issue, maker)
    assert maker.id in parties_to_ask([taken(row)])
    build.retract(row)
    assert maker.id not in parties_to_ask([do.RetractStatement(statement=row.id)])


def test_moving_what_speaks_for_a_maker_away_asks_it(world: World, issue: Record) -> None:
    other, elsewhere = build.model("Painter 2"), build.model("Painter 3")
    maker = build.responsible(other)
    row = build.state(issue, "impact", other, qualifier="fixed")
    assert maker.id in parties_to_ask([do.MoveStatement(record=other.id, statement=row.id, to=elsewhere.id)])


def test_withdrawing_the_one_report_that_speaks_for_a_maker_asks_it(world: World, issue: Record) -> None:
    other, audit = build.model("Painter 2"), build.report("An audit")
    maker = build.responsible(other)
    row = build.state(issue, "impact", other, qualifier="not_affected", evidence=[build.says(audit)])
    assert parties_to_ask([do.WithdrawRecord(record=audit.id)]) == {maker.id}
    build.add_evidence(row, build.says(build.report("Another audit")))
    assert parties_to_ask([do.WithdrawRecord(record=audit.id)]) == set()


def test_withdrawing_a_report_that_contradicts_an_accusation_asks_the_accused(world: World, issue: Record) -> None:
    recount = build.report("A recount")
    build.add_evidence(issue.statements.get(predicate="impact"), build.says(recount, stance="disputes"))
    build.reply(issue, world.maker)
    assert parties_to_ask([do.WithdrawRecord(record=recount.id)]) == {world.maker.id}


def test_restoring_a_report_that_accuses_asks_who_never_had_the_word(world: World, issue: Record) -> None:
    recount = build.report("A recount")
    build.add_evidence(issue.statements.get(predicate="impact"), build.says(recount))
    build.withdraw(recount)
    assert parties_to_ask([do.RestoreRecord(record=recount.id)]) == {world.maker.id}
    build.reply(issue, world.maker)
    assert parties_to_ask([do.RestoreRecord(record=recount.id)]) == set()


def test_taking_back_what_came_of_an_issue_asks_whom_it_accuses(world: World, issue: Record) -> None:
    build.reply(issue, world.maker)
    row = build.state(issue, "outcome", "A court dismissed the claim.")
    assert parties_to_ask([do.RetractStatement(statement=row.id)]) == {world.maker.id}


def test_taking_back_an_accusation_asks_nobody(world: World, issue: Record) -> None:
    link = issue.statements.get(predicate="impact")
    assert parties_to_ask([do.RetractStatement(statement=link.id)]) == set()
    assert parties_to_ask([do.WithdrawRecord(record=issue.id)]) == set()


def test_who_is_said_to_answer_for_what_holds_an_issue_is_asked(world: World, issue: Record) -> None:
    zeta = build.party("Zeta")
    for role in ("creator", "provider", "deployer"):
        assert parties_to_ask([do.AddStatement(subject=world.model.id, predicate=role, object=zeta.id)]) == {zeta.id}
    assert parties_to_ask([do.AddStatement(subject=world.model.id, predicate="funder", object=zeta.id)]) == set()
    assert parties_to_ask([do.AddStatement(subject=world.data.id, predicate="creator", object=zeta.id)]) == set()
    again = do.AddStatement(subject=world.model.id, predicate="provider", object=world.maker.id)
    assert parties_to_ask([again]) == set(), "it answers for it already"


def test_a_role_that_stands_again_moves_or_is_evident_at_last_is_asked_about(world: World, issue: Record) -> None:
    zeta = build.party("Zeta")
    row = build.state(world.data, "creator", zeta)
    assert parties_to_ask([do.MoveStatement(record=world.data.id, statement=row.id, to=world.model.id)]) == {zeta.id}
    bare = build.state(world.model, "provider", zeta, evidence=[])
    assert bare.status == "needs_source"
    upheld = do.AddEvidence(statement=bare.id, evidence=build.says(world.study))
    sure = do.AmendStatement(statement=bare.id, fields={"override": "confirmed", "override_reason": "A court said so."})
    assert parties_to_ask([upheld]) == parties_to_ask([sure]) == {zeta.id}
    build.retract(bare)
    assert parties_to_ask([do.RestoreStatement(statement=bare.id)]) == {zeta.id}


def test_a_party_that_a_proposal_puts_on_record_is_not_accused_in_the_same_breath(world: World, issue: Record) -> None:
    zeta = do.CreateRecord(ref="new:p", kind="party", name="Zeta", detail={"type": "company"})
    model = do.CreateRecord(ref="new:m", kind="model", name="Painter 3")
    found = do.CreateRecord(ref="new:i", kind="issue", name="Painter 3 leaks", detail={"code": "M01"})
    made = do.AddStatement(subject="new:m", predicate="creator", object="new:p")
    affects = do.AddStatement(subject="new:i", predicate="impact", qualifier="affected", object="new:m")
    assert newcomers_to_ask([zeta, model, made]) == []
    assert newcomers_to_ask([zeta, model, made, found, affects]) == ["Zeta"]
    assert newcomers_to_ask([zeta, found, do.AddStatement(subject="new:i", predicate="respondent", object="new:p")]) == ["Zeta"]
    assert newcomers_to_ask([zeta, do.AddStatement(subject=world.model.id, predicate="host", object="new:p")]) == []
    assert newcomers_to_ask([zeta, do.AddStatement(subject=world.model.id, predicate="provider", object="new:p")]) == ["Zeta"]
    proposal = filed(world)
    for change in stored([zeta, do.AddStatement(subject="new:issue", predicate="respondent", object="new:p")]):
        add_change(proposal, change, person("editor"), revision=proposal.revision)
        proposal.refresh_from_db()
    assert any(gate.startswith("Zeta would be accused") for gate in open_gates(proposal))
