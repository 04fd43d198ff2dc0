"""What a reader fills in to correct what is on record: one change, the source for it, and why.

The form of the change is made from the change itself (`forms/changes.py`); a source that is not on record is put on file by
the same proposal.
"""

from collections.abc import Mapping
from typing import Any

from django import forms

from kb.accounts.models import User
from kb.core.errors import InvalidInput
from kb.pages.forms.changes import ChangeForm, Subject, change_form
from kb.pages.forms.filing import SourceForm
from kb.pages.forms.parts import EVIDENCE
from kb.records.detail import DETAILS
from kb.records.models import Record
from kb.review import states
from kb.review.changes import stored
from kb.review.filing import Source, put_on_file
from kb.review.wire import Json

# What may be corrected, in a reader's words: of a statement, and of a record.
OF_STATEMENT: Mapping[str, str] = {
    "add_evidence": "A source says so too, or says otherwise",
    "amend_statement": "A date, the value or the note is wrong",
    "retract_statement": "It is not so and should be taken back",
}
OF_RECORD: Mapping[str, str] = {
    "add_statement": "Something is missing: a relation, a figure, a role, an event",
    "add_alias": "It has another name",
    "add_identifier": "It has an identifier: a DOI, an arXiv number, a bill number",
    "rename_record": "Its name is wrong",
    "amend_detail": "One of its fields is wrong",
    "merge_record": "It is the same as another record",
}
_WITH_SOURCE = frozenset({"add_evidence", "add_statement"})
_REPORT = f"{EVIDENCE}report"
_OF_SOURCE = ("title", "url", "publisher", "published", "type")


class NewSource(forms.Form):
    """A source that is not on record yet."""

    prefix = "source"

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields |= {name: field for name, field in SourceForm().fields.items() if name in _OF_SOURCE}
        self.fields["title"].label = "Title of the source"


class Why(forms.Form):
    """Why it is corrected, and how whoever proposes it is told and credited."""

    reason = forms.CharField(
        label="Why, and how you know", max_length=5_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Editors read this. Leave out addresses of websites, file names and hashes: a source has fields of its own.",
    )  # fmt: skip
    credit = forms.ChoiceField(label="Do you want to be credited?", choices=states.CREDITS.choices, initial="none")
    credit_name = forms.CharField(label="Name or pseudonym", max_length=120, required=False)
    email = forms.EmailField(
        label="E-mail address", required=False, max_length=254,
        help_text="Only to tell you of each step. Without one, come back with the receipt.",
    )  # fmt: skip


class Correction:
    """The three forms of one correction, read together. `source` is None where the change rests on none."""

    def __init__(self, code: str, subject: Subject, data: Any = None, *, user: User | None = None) -> None:
        self.code = code
        self.change: ChangeForm = change_form(code, subject, data=data)
        self.source = NewSource(data) if code in _WITH_SOURCE else None
        self.why = Why(data, initial={"credit_name": user.credit_name if user else ""})
        if user:
            del self.why.fields["email"]
        if self.source:
            self.change.fields[_REPORT].required = False

    def is_valid(self) -> bool:
        """Read all forms, so that everything that is wrong is said at once."""
        read = [form.is_valid() for form in (self.change, self.source, self.why) if form is not None]
        return all(read)

    @property
    def errors(self) -> bool:
        """Whether any form has something to be put right."""
        return any(form.errors for form in (self.change, self.source, self.why) if form is not None)

    def bodies(self) -> list[Json]:
        """Return the changes as JSON. Raises InvalidInput where the source is neither on record nor told."""
        body = self.change.body()
        evidence = self._evidence(body)
        if not self.source or evidence is None or evidence.get("report"):
            return [body]
        told = self.source.cleaned_data
        if not told["title"].strip():
            raise InvalidInput("Name the source: the id of a report on record, or its title.")
        report, created = put_on_file(Source(**told))
        evidence["report"] = report
        return [*stored(created), body]

    def _evidence(self, body: Json) -> dict[str, Json] | None:
        """The evidence of the change. Added evidence needs a source; a statement may come without one."""
        if self.code == "add_evidence":
            return body.setdefault("evidence", {})  # type: ignore[no-any-return]
        told = self.source is not None and bool(self.source.cleaned_data["title"].strip())
        if told:
            body.setdefault("evidence", [{}])
        return body["evidence"][0] if body.get("evidence") else None


def offered(subject: Subject) -> Mapping[str, str]:
    """Return what may be corrected of a statement or a record."""
    if not isinstance(subject, Record):
        return OF_STATEMENT
    return {code: label for code, label in OF_RECORD.items() if code != "amend_detail" or subject.kind in DETAILS}
