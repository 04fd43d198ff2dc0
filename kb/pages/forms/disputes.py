"""What somebody who disputes a record fills in, and what the desk says at each step. Rules stand in `kb.review.dispute`."""

from collections.abc import Iterable
from typing import Any

from django import forms

from kb.records.models import Record
from kb.review.dispute import STATES

DECISIONS = ("upheld", "partly_upheld", "not_upheld")


def _text(label: str, most: int, rows: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), help_text=help_text)


class DisputeForm(forms.Form):
    """Say what is wrong. Somebody who is verified to speak for a party may do so as that party."""

    text = forms.CharField(
        label="What is wrong, and how you know", widget=forms.Textarea(attrs={"rows": 10, "maxlength": 10_000}),
        help_text="Only editors read this. Leave out addresses of websites, file names and hashes.",
    )  # fmt: skip
    name = forms.CharField(label="Your name", required=False, max_length=120, help_text="For editors only.")
    email = forms.EmailField(
        label="E-mail address", required=False, max_length=254,
        help_text="To tell you of each step. Without it your receipt leads you back.",
    )  # fmt: skip

    def __init__(self, *args: Any, parties: Iterable[Record] = (), signed_in: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(party.pk), f"{party.name}, for which I am verified to speak") for party in parties]
        if named:
            self.fields["party"] = forms.ChoiceField(label="I dispute this as", choices=[("", "Myself"), *named], required=False)
        if signed_in:
            del self.fields["email"]

    def party_id(self) -> int | None:
        """Return the party in whose name this is disputed."""
        chosen = self.cleaned_data.get("party", "")
        return int(chosen) if chosen else None


class GroundForm(forms.Form):
    """Begin the review: from then on the content is flagged contested."""

    ground = _text(
        "What is disputed, in a sentence of our own", 500, 3,
        "Everybody can read it. Name nobody who did not agree to be named, and take no side.",
    )  # fmt: skip


class OutcomeForm(forms.Form):
    """Decide a dispute."""

    state = forms.ChoiceField(
        label="Decision", choices=[(code, STATES.label(code)) for code in DECISIONS], widget=forms.RadioSelect
    )
    outcome = _text("Why", 450, 4, "Everybody can read it: what was checked, and what follows from it.")
