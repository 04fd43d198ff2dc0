"""Changes in words: what each is called, what its fields are called, and what a code means there.

Read by the forms that draw changes up and by whatever tells them to people. The vocabularies themselves are declared in
`kb.records.vocabularies`.
"""

from collections.abc import Callable, Mapping

from kb.core.vocabulary import Vocabulary
from kb.records import vocabularies as words
from kb.records.identifiers import SCHEMES
from kb.records.issue_codes import ISSUE_CODES
from kb.records.kinds import KINDS

# What each kind of change is called, by its code.
ACTS: Mapping[str, str] = {
    "create_record": "New record", "rename_record": "Another name for a record", "amend_detail": "Fields of a record",
    "add_alias": "Another name", "move_alias": "A name moves", "add_identifier": "An identifier",
    "add_source_key": "A source's record", "add_part": "A part of a law", "merge_record": "Merge",
    "unmerge_record": "Take a merge back", "withdraw_record": "Withdraw a record", "restore_record": "Restore a record",
    "add_statement": "New statement", "amend_statement": "Amend a statement", "retract_statement": "Take a statement back",
    "restore_statement": "Let a statement stand again", "move_statement": "A statement moves", "add_evidence": "More evidence",
    "amend_evidence": "Amend evidence", "record_reply": "A reply", "amend_reply": "Amend a reply", "open_dispute": "A dispute",
    "amend_dispute": "Amend a dispute", "redact": "Take words out for good",
}  # fmt: skip
LABELS: Mapping[str, str] = {
    "name": "Name",
    "slug": "Address on this site",
    "kind": "Kind",
    "record": "Record",
    "into": "Merge into",
    "text": "Other name",
    "ambiguous": "Others have this name too",
    "scheme": "Scheme",
    "value": "Value",
    "subject": "Subject",
    "predicate": "What is said",
    "object": "Record that it points to",
    "qualifier": "Qualifier",
    "unit": "Unit",
    "start": "From",
    "end": "Until",
    "note": "Note",
    "rank": "Rank",
    "statement": "Statement",
    "evidence": "Evidence",
    "aliases": "Other names",
    "identifiers": "Identifiers",
    "report": "Report",
    "gist": "What it says, in our own words",
    "stance": "Stance",
    "quotation": "Quotation",
    "locator": "Where in the source",
    "said_by": "Whose word it is",
    "cited_in": "Read as cited in",
    "confidence": "Confidence",
    "confidence_reason": "Why this confidence",
    "accessed": "Read on",
    "last_checked": "Last checked on",
    "last_seen": "Last seen on",
    "first_seen": "First seen on",
    "part": "Part",
    "publisher": "Publisher",
    "url": "Address",
    "published": "Published",
    "independence": "Independence",
    "stage": "Stage",
    "type": "Type",
    "code": "Kind of issue",
    "frames": "Fields of harm",
    "harm_status": "Harm",
    "found_by": "Found by",
    "country": "Country",
    "jurisdiction": "Jurisdiction",
    "number": "Number",
    "session": "Session",
    "official_title": "Official title",
    "split_from": "Split from",
    "heading": "Heading",
    "date": "Date",
    "effective_from": "In effect from",
    "effective_to": "In effect until",
    "to": "Move to",
}

Say = Callable[[str], str]


def _by(vocabulary: Vocabulary) -> Say:
    return vocabulary.label


def _issue_code(code: str) -> str:
    row = ISSUE_CODES.get(code)
    return f"{code} {row.label}" if row else code


def _scheme(code: str) -> str:
    return SCHEMES[code].label if code in SCHEMES else code


# What a code means, by field; where a name means several things, by the kind of what it is a field of.
_SAY: Mapping[str, Say] = {
    "rank": _by(words.RANKS), "confidence": _by(words.CONFIDENCES), "stance": _by(words.STANCES), "scheme": _scheme,
    "evidence.kind": _by(words.EVIDENCE_KINDS), "report.type": _by(words.REPORT_TYPES),
    "report.independence": _by(words.INDEPENDENCE), "report.stage": _by(words.REPORT_STAGES),
    "party.type": _by(words.PARTY_TYPES),
    "issue.code": _issue_code, "issue.frames": _by(words.FRAMES), "issue.harm_status": _by(words.HARM_STATUSES),
    "issue.found_by": _by(words.FOUND_BY),
}  # fmt: skip


def field_label(name: str) -> str:
    """Return what a field is called."""
    return LABELS.get(name, name.replace("_", " ").capitalize())


def code_label(name: str, code: str, of: str = "") -> str:
    """Return what a code says in a field; a text that is no code is returned as it is."""
    say = _SAY.get(f"{of}.{name}") or _SAY.get(name)
    return say(code) if say else code


def kind_label(code: str) -> str:
    """Return the kind of a record in words."""
    return KINDS[code].label if code in KINDS else code
