"""Evidence is read with its report, its publisher and its voice, now and as it was at an edition."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.ledger.write import current_edition
from kb.records import changes as do
from kb.records.evidence import evidence_by_statement
from tests import build

pytestmark = pytest.mark.django_db


def test_evidence_is_read_as_it_was_at_an_edition() -> None:
    statement = build.state(build.model("Net"), "trained_on", build.dataset("Data"), evidence=[build.says(gist="First.")])
    before = current_edition()
    second = build.add_evidence(statement, build.says(gist="Second."))
    first = evidence_by_statement([statement.id])[statement.id][0]
    build.publishing(do.AmendEvidence(evidence=first.id, fields={"gist": "First, corrected."}))
    gists = lambda edition: [row.gist for row in evidence_by_statement([statement.id], edition)[statement.id]]  # noqa: E731
    assert gists(None) == ["First, corrected.", "Second."]
    assert gists(before) == ["First."]
    assert gists(second.edition) == ["First.", "Second."]
    assert evidence_by_statement([statement.id], before)[statement.id][0].report.report.publisher is not None
    assert evidence_by_statement([statement.id], before - 1)[statement.id] == []


def test_all_that_is_told_of_evidence_is_read_with_it_in_as_many_queries_however_much_there_is() -> None:
    data, voice, survey = build.dataset("Data"), build.party("Voice"), build.report()
    cited = build.says(said_by=voice, cited_in=survey)
    few = [build.state(build.model("Net"), "trained_on", data, evidence=[build.says(), cited]).id]
    many = [*few, *(build.state(build.model(f"Net {place}"), "trained_on", data).id for place in range(3))]
    evidence_by_statement(many), evidence_by_statement(few)  # the words of both lengths are made
    with CaptureQueriesContext(connection) as once:
        read = evidence_by_statement(few)[few[0]]
        said = [(row.report.report.publisher, row.cited_in, row.said_by) for row in read]
    assert said[0][0] is not None and said[0][1:] == (None, None)
    assert said[1][1:] == (survey, voice) and read[1].cited_in is not None and read[1].cited_in.report.record == survey
    with CaptureQueriesContext(connection) as again:
        evidence_by_statement(many)
    assert len(once) == len(again) == 5


def test_the_word_of_a_party_that_answers_for_the_subject_is_told_to_confirm() -> None:
    maker, model = build.party("Maker"), build.model("Net")
    word = build.says(kind="model_card", said_by=maker)
    statement = build.state(model, "trained_on", build.dataset("Data"), evidence=[word])
    told = lambda: [row.confirms for row in evidence_by_statement([statement.id])[statement.id]]  # noqa: E731
    assert told() == [False]
    build.state(model, "creator", maker)
    assert told() == [True]
