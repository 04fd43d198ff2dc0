"""A whole record as JSON: its statements by group, what reaches it or what it reaches, and what is not assessed."""

from collections.abc import Iterable
from typing import Annotated, TypedDict

from kb.exchange.exporters.law_json import ActionRow, ProvisionRow, action_rows, provision_rows
from kb.exchange.exporters.reach_json import ReachRow, reach_row
from kb.exchange.exporters.record_json import RecordRow, record_rows
from kb.exchange.exporters.reference import RecordReference, absolute, optional_reference, record_reference
from kb.exchange.exporters.response_json import Answered, answered
from kb.exchange.exporters.statement_json import StatementRow, statement_rows
from kb.lineage.reach import artifacts_reached, issues_reaching
from kb.records.models import Record, Statement
from kb.records.predicates import GROUP_TITLES, PREDICATES
from kb.records.queries import listed, members, same_name, statements_about
from kb.records.responses import contested, responses_to_records

NOT_ASSESSED = "Upstream has not assessed which laws apply."
LEFT_OUT = ("refuted", "retracted")
SHOWN_OF_GROUP = 200


class StatementGroup(TypedDict):
    """Statements of one group of predicates."""

    group: str
    title: str
    count: Annotated[int, "How many there are, without refuted and retracted ones."]
    statements: Annotated[list[StatementRow], f"The first {SHOWN_OF_GROUP} of them."]


class RecordDetail(RecordRow, Answered):
    """A record with everything that is said about it."""

    speaks_for: Annotated[list[RecordReference], "Records merged into this one."]
    split_from: Annotated[RecordReference | None, "The record that it was a part of."]
    split_off: Annotated[list[RecordReference], "Records that were a part of it."]
    same_name: Annotated[list[RecordReference], "Other records that bear its name."]
    statements: list[StatementGroup]
    left_out: Annotated[dict[str, int], "Refuted and retracted statements, counted; /api/v1/statements/ has them."]
    statements_url: Annotated[str, "All statements with this record as their subject."]
    issues_reaching: Annotated[list[ReachRow] | None, "For artifacts: issues present in it or upstream of it."]
    artifacts_reached: Annotated[list[ReachRow] | None, "For issues: artifacts that it is present in or that descend from them."]
    provisions: Annotated[list[ProvisionRow] | None, "For laws."]
    actions: Annotated[list[ActionRow] | None, "For laws."]
    not_assessed: Annotated[str | None, "For artifacts: what Upstream does not say."]
    lineage_url: Annotated[str | None, "For artifacts: what was made from it."]


def record_detail(record: Record) -> RecordDetail:
    """Shape a record with everything that is said about it."""
    own = members(record)
    statements = statements_about(own)
    artifact, law, issue = record.is_artifact, record.kind == "legislation", record.kind == "issue"
    disputed, responses = contested(), responses_to_records(own)
    return {
        **record_rows([record])[0],
        "speaks_for": [record_reference(one) for one in own[1:]],
        "split_from": optional_reference(record.split_from),
        "split_off": [record_reference(one) for one in listed().filter(split_from__in=own).order_by("id")],
        **answered(responses, contested=responses.of_statement(None).contested),
        "same_name": [record_reference(one) for one in same_name(record)],
        "statements": _groups([one for one in statements if one.status not in LEFT_OUT]),
        "left_out": {status: sum(one.status == status for one in statements) for status in LEFT_OUT},
        "statements_url": absolute(f"/api/v1/statements/?subject={record.public_id}"),
        "issues_reaching": [reach_row(reach, disputed) for reach in issues_reaching(record)] if artifact else None,
        "artifacts_reached": [reach_row(reach, disputed) for reach in artifacts_reached(record)] if issue else None,
        "provisions": provision_rows(record) if law else None,
        "actions": action_rows(record) if law else None,
        "not_assessed": NOT_ASSESSED if artifact else None,
        "lineage_url": absolute(f"/api/v1/lineage/{record.public_id}/downstream/") if artifact else None,
    }


def _groups(statements: Iterable[Statement]) -> list[StatementGroup]:
    grouped: dict[str, list[Statement]] = {group: [] for group in GROUP_TITLES}
    for statement in statements:
        grouped[PREDICATES[statement.predicate].group].append(statement)
    rows = {row["id"]: row for row in statement_rows([one for some in grouped.values() for one in some[:SHOWN_OF_GROUP]])}
    return [
        {
            "group": group, "title": GROUP_TITLES[group], "count": len(found),
            "statements": [rows[one.id] for one in found[:SHOWN_OF_GROUP]],
        }
        for group, found in grouped.items() if found
    ]  # fmt: skip
