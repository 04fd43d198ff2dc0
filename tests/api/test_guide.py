"""docs/api.md says all that may be sent: every field and change of the code stands in its tables, and its examples work."""

import json
import re
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from kb.api.throttles import AnonymousWrites
from kb.api.v1.proposals import Sent
from kb.core.vocabulary import Vocabulary
from kb.records import changes as do
from kb.records import vocabularies as words
from kb.records.apply.statements import EVIDENCE_FIELDS, STATEMENT_FIELDS
from kb.records.detail import DETAILS, PARTS
from kb.records.models.issue import DECIDED_FIELDS
from kb.review import states
from kb.review.filing import (
    _LENGTHS,
    _SOURCE_LENGTHS,
    KINDS_OF_ARTIFACT,
    MOST_ARTIFACTS,
    MOST_SOURCES,
    TOLD,
    Artifact,
    Filing,
    Source,
    missing,
)
from kb.review.models import Proposal
from kb.review.open_changes import FOR_ALL, FOR_EDITORS, MOST_CHANGES
from kb.review.wire import CHANGES

GUIDE = (settings.BASE_DIR / "docs" / "api.md").read_text()
Row = tuple[str, str]
# What editors alone propose of a change that is open to all, and what imports alone do.
OF_EDITORS = {"split_from"}
OF_IMPORTS = {"source_keys"}
OVERRIDES = {"override", "override_reason"}


def table(first: str, last: bool = False) -> dict[str, Row]:
    """Return a table of the guide by the names in its first column: the other columns as one text."""
    found = re.findall(rf"^\| {re.escape(first)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", GUIDE, re.MULTILINE)
    assert found, first
    rows = (line.strip().strip("|").split("|", 1) for line in found[-1 if last else 0].splitlines())
    return {name: (left, right) for left, right in rows for name in re.findall(r"`(\w+)`", left)}


def named(text: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", text))


def bold(text: str) -> set[str]:
    return set(re.findall(r"\*\*`(\w+)`\*\*", text))


def needed(row: Row) -> str:
    return row[1].rsplit("|", 1)[-1].strip()


def default_of(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


@pytest.mark.parametrize(
    ("first", "shape"), [("field of `filing`", Filing), ("field of an artifact", Artifact), ("field of a source", Source)]
)
def test_the_fields_of_a_filing_are_those_of_the_code_with_their_usual_words(first: str, shape: type[Any]) -> None:
    rows = table(first)
    assert set(rows) == {field.name for field in fields(shape)}
    for field in fields(shape):
        usual = default_of(field)
        assert bold(rows[field.name][1]) == ({usual} if usual else set()), field.name


@pytest.mark.parametrize(
    ("first", "lengths"),
    [("field of `filing`", _LENGTHS), ("field of a source", _SOURCE_LENGTHS), ("field of an artifact", {"name": 300})],
)
def test_the_lengths_of_a_filing_are_those_of_the_code(first: str, lengths: dict[str, int]) -> None:
    rows = table(first)
    for name, most in lengths.items():
        if name == "told_when":  # a date, which is never longer
            continue
        assert f"at most {most:,} characters" in rows[name][1], name
    unbounded = {name for name, row in rows.items() if "characters" in row[1]} - set(lengths)
    assert not unbounded


def test_the_numbers_of_what_may_be_listed_are_those_of_the_code() -> None:
    rows = table("field of `filing`")
    assert f"at most {MOST_ARTIFACTS} objects" in rows["artifacts"][1]
    assert f"at most {MOST_SOURCES} objects" in rows["sources"][1]
    assert f"1 to {MOST_CHANGES} of the changes" in table("field")["changes"][1]


@pytest.mark.parametrize(
    ("first", "name", "codes"),
    [
        ("field of `filing`", "frames", words.FRAMES), ("field of `filing`", "harm_status", words.HARM_STATUSES),
        ("field of `filing`", "found_by", words.FOUND_BY), ("field of `filing`", "told", [code for code in TOLD if code]),
        ("field of an artifact", "impact", words.IMPACTS), ("field of an artifact", "kind", KINDS_OF_ARTIFACT),
        ("field of a source", "type", words.REPORT_TYPES), ("field of a source", "kind", words.EVIDENCE_KINDS),
        ("field of evidence", "stance", words.STANCES), ("field of evidence", "confidence", words.CONFIDENCES),
        ("field", "credit", states.CREDITS),
    ],
)  # fmt: skip
def test_the_words_that_a_field_takes_are_those_of_its_vocabulary(
    first: str, name: str, codes: Vocabulary | Iterable[str]
) -> None:
    assert named(table(first)[name][1]) == set(codes)


def test_what_a_submission_needs_is_marked_as_needed() -> None:
    rows = table("field of `filing`")
    marked = {name for name, row in rows.items() if needed(row)}
    assert marked == set(missing(Filing()))
    of_source, of_artifact = table("field of a source"), table("field of an artifact")
    assert {name for name, row in of_source.items() if needed(row)} == {"record", "title", "gist"}
    assert {name for name, row in of_artifact.items() if needed(row)} == {"record", "name"}
    whole = Filing("x", "x", "x", "M01", ("privacy",), artifacts=(Artifact(name="x"),), sources=(Source(title="x", gist="x"),))
    assert not missing(whole)


def test_the_fields_of_what_is_sent_are_those_of_the_schema() -> None:
    assert set(table("field")) == set(Sent.__annotations__)


@pytest.mark.parametrize("code", [code for code, change in CHANGES.items() if change in FOR_ALL])
def test_a_change_that_is_open_to_all_stands_with_its_fields(code: str) -> None:
    shape = {field.name: field for field in fields(CHANGES[code])}
    told = table("change")[code][1]
    closed = OF_EDITORS | OF_IMPORTS
    assert set(shape) - closed <= named(told)
    assert not named(told) & closed
    assert bold(told) == {
        name for name, field in shape.items() if field.default is MISSING and field.default_factory is MISSING
    }  # fmt: skip


@pytest.mark.parametrize("code", [code for code, change in CHANGES.items() if change in FOR_EDITORS - FOR_ALL])
def test_a_change_of_editors_stands_with_its_fields(code: str) -> None:
    assert named(table("change", last=True)[code][1]) == {field.name for field in fields(CHANGES[code])}


def test_no_change_stands_in_the_guide_that_nobody_may_propose() -> None:
    assert set(table("change")) == {code for code, change in CHANGES.items() if change in FOR_ALL}
    for_editors = {code for code, change in CHANGES.items() if change in FOR_EDITORS - FOR_ALL}
    assert set(table("change", last=True)) == for_editors | {"create_record"}
    assert named(table("change", last=True)["create_record"][1]) == OF_EDITORS


def test_what_may_be_amended_is_that_of_the_code() -> None:
    rows = table("change")
    of_statement = named(rows["amend_statement"][1])
    assert of_statement >= STATEMENT_FIELDS - OVERRIDES
    assert not OVERRIDES & of_statement
    assert named(rows["amend_evidence"][1]) >= EVIDENCE_FIELDS


def test_the_fields_of_evidence_are_those_of_the_code() -> None:
    rows = table("field of evidence")
    assert set(rows) == {field.name for field in fields(do.EvidenceDraft)}
    required = {field.name for field in fields(do.EvidenceDraft) if field.default is MISSING}
    assert {name for name, (left, _) in rows.items() if name in bold(left)} == required


@pytest.mark.parametrize(("kind", "detail"), [*DETAILS.items(), *PARTS.items()])
def test_the_fields_of_kinds_and_parts_are_those_of_the_code(kind: str, detail: Any) -> None:
    told = table("fields of")[kind][1]
    assert named(told) == {*detail.checks, *detail.records} - DECIDED_FIELDS
    assert bold(told) == detail.required


def examples() -> list[dict[str, Any]]:
    """Return what the guide's commands send."""
    found = re.findall(r"curl -X POST http://127\.0\.0\.1:8000/api/v1/proposals/ .*?-d '(.*?)'\n```", GUIDE, re.DOTALL)
    return [json.loads(text) for text in found]


def test_the_guide_has_an_issue_and_a_correction_to_copy() -> None:
    assert [one["kind"] for one in examples()] == ["issue", "correction"]
    assert len(re.findall(r"curl -X POST", GUIDE)) == len(examples())


@pytest.mark.usefixtures("founding")
@pytest.mark.parametrize("body", examples(), ids=lambda body: str(body["kind"]))
def test_an_example_of_the_guide_is_taken(body: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AnonymousWrites, "rate", "1000/hour")
    answer = Client().post("/api/v1/proposals/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 202, answer.content
    assert Proposal.objects.get(key=answer.json()["key"]).state == "submitted"
