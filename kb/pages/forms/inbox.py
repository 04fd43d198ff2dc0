"""What an editor fills in in the inbox: filters, which records to keep, and what an entry says of a statement."""

from collections.abc import Iterable
from typing import Any

from django import forms

from kb.core.errors import InvalidInput
from kb.feeds.models import Feed
from kb.feeds.words import ENTRY_STATES
from kb.pages.forms.feeds import folder_field
from kb.pages.forms.number import NumberField, PageField
from kb.records import vocabularies as words
from kb.records.queries import find_record


class InboxForm(forms.Form):
    """The filters of the inbox."""

    q = forms.CharField(label="Words", max_length=100, required=False)
    record = forms.CharField(label="Names the record", max_length=120, required=False)
    feed = forms.ModelChoiceField(Feed.objects.all(), required=False, empty_label="Any feed")
    folder = forms.ChoiceField(required=False)
    state = forms.ChoiceField(
        label="State",
        choices=[("", "In the inbox"), *(pair for pair in ENTRY_STATES.choices if pair[0] != "inbox")],
        required=False,
    )
    order = forms.ChoiceField(label="First", choices=[("weight", "The weightiest"), ("newest", "The newest")], required=False)
    page = PageField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["folder"] = folder_field()


class EvidenceForm(forms.Form):
    """What an entry says of a statement."""

    statement = NumberField(help_text="Choose one below, or give the number from its page.")
    stance = forms.ChoiceField(choices=words.STANCES.choices)
    kind = forms.ChoiceField(label="What kind of evidence", choices=words.EVIDENCE_KINDS.choices, initial="journalism")
    gist = forms.CharField(
        label="What it says, in your own words",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A sentence or two.",
    )


def kept_records(ticked: Iterable[str], added: str) -> list[int]:
    """Return the ids of the records that were ticked and of one that was named. Raises InvalidInput or NotFound."""
    try:
        numbers = [int(number) for number in ticked]
    except ValueError:
        raise InvalidInput("A record is named by its number.") from None
    if added.strip():
        numbers.append(find_record(added.strip().rstrip("/").rsplit("/", 1)[-1]).id)
    return list(dict.fromkeys(numbers))


def evidence_form(data: Any = None) -> EvidenceForm:
    """Make the form of evidence."""
    return EvidenceForm(data, auto_id="evidence_%s")
