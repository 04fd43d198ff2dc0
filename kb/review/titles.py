"""Titles of issues: which title a proposal would publish, and whether it accuses without saying who claims it (VOCABULARY 4)."""

import re
from collections.abc import Iterable

from kb.records import changes as do
from kb.records.issue_codes import ISSUE_CODES, IssueCode
from kb.records.models import Record

_CLAIMING = re.compile(r"\b(?:claim|alleg|accus|says?\b|said\b|sues?\b|sued\b|complain|according to\b)", re.IGNORECASE)


def proposed_title(title: str, changes: Iterable[do.Change]) -> str:
    """Return the title of the issue that changes would create, as the desk has worded it; without one, `title`."""
    created = (change.name for change in changes if isinstance(change, do.CreateRecord) and change.kind == "issue")
    return next(created, title)


def accuses_unsaid(change: do.Change) -> str:
    """Return the kind of issue that a change lets accuse somebody without saying who claims it, or nothing."""
    code, title = _title(change)
    return code.label if code and code.alleges and not _CLAIMING.search(title) else ""


def _title(change: do.Change) -> tuple[IssueCode | None, str]:
    """The kind of issue and the title that a change gives or leaves to an issue."""
    if isinstance(change, do.CreateRecord):
        return ISSUE_CODES.get(str(change.detail.get("code"))), change.name
    if not isinstance(change, do.RenameRecord | do.AmendDetail) or not isinstance(change.record, int):
        return None, ""
    record = Record.objects.filter(id=change.record, kind="issue").select_related("issue").first()
    if record is None:
        return None, ""
    if isinstance(change, do.RenameRecord):
        return record.issue.row, change.name or record.name
    return ISSUE_CODES.get(str(change.fields.get("code"))), record.name
