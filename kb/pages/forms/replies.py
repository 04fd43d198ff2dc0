"""What a party writes in reply, and what the desk fills in to ask, to waive, to share and to moderate."""

from django import forms

from kb.core.errors import UserError
from kb.pages.forms.number import UnseenNumberField
from kb.records.models import Record
from kb.records.queries import find_record, speaker
from kb.review.asking import DAYS_TO_REPLY
from kb.review.invite import DAYS
from kb.review.reply import CUT, LONGEST

_PARTY_HELP = "The id or the last part of the address of its page, such as UP-P-7 or laion."


class ReplyForm(forms.Form):
    """A party's reply, in its own words. Its length is counted by review, which counts a line's end once."""

    text = forms.CharField(
        label="Your reply", widget=forms.Textarea(attrs={"rows": 12, "maxlength": LONGEST}),
        help_text=f"At most {LONGEST:,} characters of plain text. Leave out addresses of websites, file names and hashes.",
    )  # fmt: skip


class PartyForm(forms.Form):
    """The base of forms that name a party."""

    party = forms.CharField(max_length=120, help_text=_PARTY_HELP)

    def clean_party(self) -> Record:
        """Find the party: of merged ones the one that speaks for them, since it is the one that is asked."""
        try:
            found = speaker(find_record(str(self.cleaned_data["party"]).strip()))
        except UserError as problem:
            raise forms.ValidationError(str(problem)) from None
        if found.kind != "party":
            raise forms.ValidationError(f"{found.name} is a {found.row.label.lower()}, not a party.")
        return found


class RecipientForm(forms.Form):
    """Who gets a link, and how the desk knows that the address is the party's."""

    email = forms.EmailField(label="E-mail address of the recipient", max_length=254)
    verified_how = forms.CharField(
        label="How you know that it is the party's", max_length=300, help_text="Such as: its imprint names this address."
    )


class AskForm(RecipientForm, PartyForm):
    """Ask a party for its reply."""

    due = forms.DateField(
        label="Reply until", required=False, help_text=f"YYYY-MM-DD. Left empty, {DAYS_TO_REPLY} days from today."
    )
    field_order = ["party", "email", "verified_how", "due"]


class ShareForm(RecipientForm, PartyForm):
    """Let somebody at a party read a finding, without being asked."""

    days = forms.IntegerField(label="Days that the link is open", min_value=1, max_value=365, initial=DAYS)
    field_order = ["party", "email", "verified_how", "days"]


class WaiveForm(PartyForm):
    """Do not ask a party."""

    reason = forms.CharField(
        label="Why it is not asked",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Everybody can read it.",
    )


class ReasonForm(forms.Form):
    """Take something about a reply up again."""

    reason = forms.CharField(
        label="Why", max_length=1_000, widget=forms.Textarea(attrs={"rows": 2}), help_text="Kept in the log of the desk."
    )  # fmt: skip


class HoldsForm(ReasonForm):
    """Say that an answer holds for the revision that was read."""

    revision = UnseenNumberField()


class ModerateForm(forms.Form):
    """Pass a reply on, whole or with cuts."""

    shown = forms.CharField(
        label="The reply as it will be shown", widget=forms.Textarea(attrs={"rows": 12}),
        help_text=f"Take out only what the law or the rules of safety forbid, and put {CUT} in its place. Change no other word.",
    )  # fmt: skip
    reason = forms.CharField(
        label="Why something was cut", required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Everybody can read it. Left empty where nothing was cut.",
    )  # fmt: skip
