"""The guided form of an issue, step by step: each step reads its part of the one filing, and writes it back whole.

What a filing may hold and lack is said in `kb.review.filing`; choices come from the vocabularies.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from kb.pages.forms.record_field import RecordField
from kb.records import vocabularies as words
from kb.records.issue_codes import ISSUE_CODES
from kb.records.kinds import ARTIFACTS
from kb.review import states
from kb.review.filing import KINDS_OF_ARTIFACT, MOST_ARTIFACTS, MOST_SOURCES, Filing, missing
from kb.review.wire import Json

_AREAS = {"D": "In data", "M": "In a model", "G": "In use and governance"}
_TOLD = [("", "Not said"), ("yes", "Yes"), ("no", "No"), ("unknown", "I do not know")]


def _codes() -> list[Any]:
    rows = ISSUE_CODES.values()
    groups = [
        (area, [(row.code, f"{row.code} {row.label}") for row in rows if row.code.startswith(letter)])
        for letter, area in _AREAS.items()
    ]
    return [("", "Choose"), *groups]


def _long(label: str, most: int, help_text: str, rows: int = 5, *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget, required=required)


_NEEDED, _ONE_OF_TWO = "needed to submit", "one of the two is needed to submit"


class _Noted(BoundField):
    """A field with a word beside its label."""

    @property
    def note(self) -> str:
        """What a submission needs of it, since a draft may leave everything open."""
        notes: Mapping[str, str] = getattr(self.form, "notes", {})
        return notes.get(self.name, "")


class Found(forms.Form):
    """What was found."""

    bound_field_class = _Noted
    notes = dict.fromkeys(missing(Filing()), _NEEDED)

    title = forms.CharField(
        max_length=300, required=False,
        help_text="In a line, what was found in what. Where it accuses somebody, say who claims it: “An artist claims that …”.",
    )  # fmt: skip
    summary = _long(
        "What was found", 5_000, "Plain words. Never an address, a file name, a caption, a prompt or a name of a victim."
    )
    how_known = _long("How is it known?", 5_000, "What was done to find it, and how sure that makes it.")
    code = forms.ChoiceField(label="Kind of issue", choices=_codes, required=False)
    frames = forms.MultipleChoiceField(
        label="Fields of harm", choices=words.FRAMES.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    harm_status = forms.ChoiceField(label="Harm", choices=words.HARM_STATUSES.choices, initial="unclear")


class ArtifactForm(forms.Form):
    """One dataset, model or product that it is about."""

    bound_field_class = _Noted
    notes = {"record": _ONE_OF_TWO, "name": _ONE_OF_TWO}
    record = RecordField(
        label="Record", required=False, kinds=ARTIFACTS, called="dataset, model or product",
        help_text="Its id, such as UP-M-7, or the address of its page.",
    )  # fmt: skip
    name = forms.CharField(label="Or its name", max_length=300, required=False, help_text="Where it is not on record.")
    kind = forms.ChoiceField(
        choices=[(kind, "Not known" if kind == "unresolved" else kind.capitalize()) for kind in KINDS_OF_ARTIFACT],
        initial="unresolved", required=False,
    )  # fmt: skip
    impact = forms.ChoiceField(label="The issue is", choices=words.IMPACTS.choices, initial="affected")


class SourceForm(forms.Form):
    """One source and what it says."""

    bound_field_class = _Noted
    notes = {"record": _ONE_OF_TWO, "title": _ONE_OF_TWO, "gist": _NEEDED}
    record = RecordField(
        label="Report on record", required=False, kinds={"report"}, called="report",
        help_text="Its id, such as UP-R-7, or the address of its page.",
    )  # fmt: skip
    title = forms.CharField(label="Or its title", max_length=300, required=False, help_text="Where it is not on record.")
    url = forms.URLField(label="Address", max_length=1_000, required=False, assume_scheme="https")
    publisher = forms.CharField(max_length=300, required=False)
    published = forms.CharField(max_length=10, required=False, help_text="A year, a month or a day: 2023, 2023-12 or 2023-12-20.")
    type = forms.ChoiceField(label="What it is", choices=words.REPORT_TYPES.choices, initial="other")
    kind = forms.ChoiceField(label="What kind of evidence", choices=words.EVIDENCE_KINDS.choices, initial="journalism")
    gist = _long("What it says, in your own words", 2_000, "A sentence or two.", 3)
    quotation = forms.CharField(max_length=300, required=False, help_text="Word for word, if it must be.")
    locator = forms.CharField(label="Where in it", max_length=200, required=False, help_text="A page or section.")


class People(forms.Form):
    """Who found it, and who is to be told."""

    found_by = forms.ChoiceField(label="Found by", choices=words.FOUND_BY.choices, initial="unknown")
    told = forms.ChoiceField(label="Was the party told?", choices=_TOLD, required=False)
    told_when = forms.CharField(label="When?", max_length=10, required=False, help_text="A year, a month or a day.")
    told_how = _long("How, and what did it say?", 1_000, "For editors only.", 3)
    credit = forms.ChoiceField(label="Do you want to be credited?", choices=states.CREDITS.choices, initial="none")
    credit_name = forms.CharField(label="Name or pseudonym", max_length=120, required=False)
    embargo_wanted = forms.BooleanField(label="Please keep this back for a while", required=False)
    embargo_reason = _long("Why should it be kept back?", 1_000, "For editors only. Usually 90 days, with a coordinator.", 3)
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        help_text="Only to tell you of each step. Without one, come back with the receipt.",
    )


class _Rows(forms.BaseFormSet):  # type: ignore[type-arg]  # it takes no parameters when it runs
    """Rows of which those that hold something may be removed. `row` is what one of them is called."""

    row = ""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Call the box that removes a row what it does."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = f"Remove this {self.row.lower()}"


class _Artifacts(_Rows):
    row = "Artifact"


class _Sources(_Rows):
    row = "Source"


def _rows(form: type[forms.Form], formset: type[_Rows], most: int) -> Any:
    return forms.formset_factory(
        form, formset, extra=1, max_num=most, absolute_max=most, can_delete=True, can_delete_extra=False
    )  # fmt: skip


Artifacts = _rows(ArtifactForm, _Artifacts, MOST_ARTIFACTS)
Sources = _rows(SourceForm, _Sources, MOST_SOURCES)
# What makes a row one that says something; the rest of it has a word to begin with.
_SAYING = ("record", "name", "title", "url", "publisher", "published", "gist", "quotation", "locator")

# Steps in their order: address, title, and the form that reads it.
STEPS: dict[str, tuple[str, Any]] = {
    "found": ("What was found", Found),
    "artifacts": ("What it is about", Artifacts),
    "sources": ("Sources", Sources),
    "people": ("You and the party", People),
}
CHECK = "check"
OF_SENDER = ("credit", "credit_name", "embargo_wanted", "email")


def rows_of(formset: Any) -> list[dict[str, Json]]:
    """Return the rows of a formset that say something and were not taken out."""
    rows = [form.cleaned_data for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
    told = [{name: value for name, value in row.items() if name != "DELETE"} for row in rows]
    return [row for row in told if any(row.get(name) for name in _SAYING)]


def part_of(step: str, form: Any) -> dict[str, Json]:
    """Return the part of a filing that a step says, without what is the sender's."""
    if step in {"artifacts", "sources"}:
        return {step: rows_of(form)}
    return {name: value for name, value in form.cleaned_data.items() if name not in OF_SENDER}


def form_of(step: str, filing: Mapping[str, Json], sender: Mapping[str, Json], data: Any = None) -> Any:
    """Make the form of a step, filled with what the draft says."""
    made = STEPS[step][1]
    if step in {"artifacts", "sources"}:
        return made(data, initial=list(filing.get(step, ())), prefix=step)
    return made(data, initial={**filing, **sender})
