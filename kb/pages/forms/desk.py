"""What the desk fills in: moves of a proposal, judgements of its changes, severity, notes. Rules stand in `kb.review`."""

from collections.abc import Mapping
from typing import Any

from django import forms

from kb.pages.forms.number import PageField, UnseenNumberField
from kb.records.models.issue import SEVERITY_FACTORS
from kb.records.vocabularies import SEVERITIES
from kb.review import states
from kb.review.policy import Move

_LEVELS = [("", "Not assessed"), ("0", "0 None"), ("1", "1 Low"), ("2", "2 Considerable"), ("3", "3 Severe")]
FACTORS = {
    "gravity": "How grave is the harm to whom it reaches?",
    "scale": "How many does it reach?",
    "irreversibility": "How hard is it to put right?",
    "downstream_reach": "How far does it travel to what is built on it?",
}


def _reason(label: str = "Reason", rows: int = 3, *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=5_000, widget=forms.Textarea(attrs={"rows": rows}))


class Revised(forms.Form):
    """The base of every form that acts on a proposal: it carries the revision that was read."""

    revision = UnseenNumberField()


class ConfirmForm(Revised):
    """Say that a proposal holds as of the edition that its page was made of."""

    edition = UnseenNumberField(min_value=0)


class MoveForm(Revised):
    """One move of the life cycle."""

    reason = _reason()
    public = forms.BooleanField(label="Everybody may read this reason once the proposal is published", required=False)


class EmbargoForm(MoveForm):
    """Put under embargo."""

    until = forms.DateField(label="Until", required=False, help_text="YYYY-MM-DD. Left empty, 90 days from today.")
    coordinator = forms.CharField(label="Coordinator", max_length=120, help_text="Who keeps finder and party in touch.")


class ProlongForm(EmbargoForm):
    """Let an embargo end on another day."""

    coordinator = forms.CharField(
        label="Coordinator", max_length=120, required=False, help_text="Left empty, whoever it is now."
    )  # fmt: skip


class DuplicateForm(MoveForm):
    """Mark as a duplicate."""

    duplicate_of = forms.CharField(label="Of which record or submission", max_length=26, help_text="Its id or its key.")


# Moves that need more than a reason.
FORMS: dict[str, type[MoveForm]] = {"embargo": EmbargoForm, "prolong": ProlongForm, "mark_duplicate": DuplicateForm}


def move_form(move: Move, revision: int, entered: Mapping[str, Any] | None = None) -> MoveForm:
    """Make the form of a move as it is shown: without a reason where none is kept. `entered` is what was written before."""
    form = FORMS.get(move.code, MoveForm)(initial={"revision": revision} | dict(entered or {}), auto_id=f"{move.code}_%s")
    form.fields["reason"].required = move.reason == "required"
    if move.reason == "none":
        del form.fields["reason"]
    if move.reason == "none" or not move.told:
        del form.fields["public"]
    return form


class JudgeForm(Revised):
    """Accept or decline one change."""

    state = forms.ChoiceField(choices=[("accepted", "Accept"), ("declined", "Decline")], widget=forms.HiddenInput)
    reason = _reason("Why it is declined", 2)


class SeverityForm(Revised):
    """The four factors of severity, and another word than follows from them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SEVERITY_FACTORS:
            label = name.replace("_", " ").capitalize()
            self.fields[name] = forms.ChoiceField(label=label, help_text=FACTORS[name], choices=_LEVELS, required=False)
        self.fields["override"] = forms.ChoiceField(
            label="Another word", help_text="Only where the factors mislead.", required=False,
            choices=[("", "As the factors say"), *SEVERITIES.choices],
        )  # fmt: skip
        self.fields["why"] = forms.CharField(label="Why another word", help_text="Public.", max_length=500, required=False)

    def factors(self) -> dict[str, int | None]:
        """Return the factors as review takes them."""
        return {name: int(self.cleaned_data[name]) if self.cleaned_data[name] else None for name in SEVERITY_FACTORS}


class NoteForm(forms.Form):
    """A note between editors."""

    text = _reason("Note", required=True)


class RestrictedForm(forms.Form):
    """Evidence that cannot be published."""

    description = _reason("What it shows, in general words", required=True)
    held_by = forms.CharField(label="Who holds it", max_length=200)


_STATES = [pair for pair in states.STATES.choices if pair[0] != "draft"]


class QueueForm(forms.Form):
    """The filters of the queue."""

    state = forms.ChoiceField(
        choices=[("", "Open"), *(pair for pair in states.STATES.choices if pair[0] != "draft")], required=False
    )
    kind = forms.ChoiceField(choices=[("", "Any kind"), *states.PROPOSAL_KINDS.choices], required=False)
    who = forms.ChoiceField(label="Assigned to", choices=[("", "Anybody"), ("me", "Me"), ("nobody", "Nobody")], required=False)
    on = forms.ChoiceField(
        label="Waits on", required=False,
        choices=[("", "Anybody"), *states.WAITING.choices],
    )  # fmt: skip
    page = PageField()
