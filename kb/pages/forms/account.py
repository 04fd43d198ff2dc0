"""The forms of account pages that the accounts library does not have."""

from django import forms

from kb.accounts.models import User
from kb.accounts.texts import screened
from kb.accounts.tokens import LONGEST_DAYS, SCOPES
from kb.core.errors import InvalidInput, UserError
from kb.records.models import Record
from kb.records.queries import find_record

_LONGEST_REASON, _LONGEST_ANSWER = 1000, 300


class CreditName(forms.ModelForm):  # type: ignore[type-arg]
    """The name that credit is given to."""

    class Meta:
        model = User
        fields = ["credit_name"]

    def clean_credit_name(self) -> str:
        """Refuse what the guard refuses."""
        return _screened(str(self.cleaned_data["credit_name"]).strip())


class CloseAccount(forms.Form):
    """Close one's own account, with the password as a signature."""

    password = forms.CharField(strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))


class NewToken(forms.Form):
    """A token for a program."""

    name = forms.CharField(max_length=80, help_text="What the token is for, so that you find it again.")
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=[(term.code, f"{term.label}. {term.definition}") for term in SCOPES.values()],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(label="Days that it lasts", min_value=1, max_value=LONGEST_DAYS, initial=90)


class AskToSpeak(forms.Form):
    """Say that one speaks for a party."""

    party = forms.CharField(
        max_length=120, help_text="The id or the last part of the address of its page, such as UP-P-7 or laion."
    )
    work_email = forms.EmailField(label="Your e-mail address there", help_text="We write to it to verify you.")
    reason = forms.CharField(
        label="What you do there", max_length=_LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="And how we can see that you may speak for it.",
    )  # fmt: skip

    def clean_party(self) -> Record:
        """Find the party."""
        try:
            record = find_record(str(self.cleaned_data["party"]).strip())
        except UserError as unknown:
            raise forms.ValidationError(str(unknown)) from None
        if record.kind != "party":
            raise forms.ValidationError(f"{record.name} is not a party.")
        return record

    def clean_reason(self) -> str:
        """Refuse what the guard refuses."""
        return _screened(str(self.cleaned_data["reason"]))


class Decision(forms.Form):
    """Grant or refuse a request to speak for a party."""

    answer = forms.CharField(
        label="How you verified it, or why not", max_length=_LONGEST_ANSWER,
        help_text="A reason for refusing is sent to the person.",
    )  # fmt: skip


def _screened(text: str) -> str:
    try:
        return screened(text)
    except InvalidInput as refusal:
        raise forms.ValidationError(str(refusal)) from None
