"""What is filled in about feeds: an address, how a feed is kept, a list in OPML, the filters of the list."""

from typing import Any

from django import forms

from kb.feeds.health import STANDINGS, folders
from kb.feeds.manage import LONGEST_FOLDER, LONGEST_TITLE, WEIGHTS
from kb.feeds.models.feed import LONGEST_ADDRESS
from kb.feeds.subscriptions import LARGEST
from kb.feeds.words import ITEM_RULES
from kb.pages.forms.number import PageField

NO_FOLDER = "-"
SICK, GAPS = "sick", "gaps"


class AddressForm(forms.Form):
    """Where a feed or a site is. Whether it is an address is said by `kb.feeds`."""

    address = forms.CharField(
        label="Address of a site or a feed", max_length=LONGEST_ADDRESS,
        help_text="Such as https://example.org or https://example.org/feed.xml. Nothing is stored before you say so.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip


class FeedForm(forms.Form):
    """How a feed is kept."""

    title = forms.CharField(max_length=LONGEST_TITLE)
    address = forms.CharField(
        max_length=LONGEST_ADDRESS, help_text="Where the feed itself is.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    folder = forms.CharField(required=False, max_length=LONGEST_FOLDER, help_text="One folder for each beat or kind of source.")
    weight = forms.TypedChoiceField(
        choices=list(WEIGHTS.items()), coerce=int, initial=3, help_text="How much this source counts at this desk."
    )
    left_out = forms.ChoiceField(
        label="Items left out", choices=ITEM_RULES.choices, initial="none", help_text="Before anything of them is stored."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["folder"].widget.attrs["list"] = "folders"


class NewFeedForm(FeedForm):
    """A feed that was looked at and is to be added; its address is the one that was looked at."""

    address = forms.CharField(max_length=LONGEST_ADDRESS, widget=forms.HiddenInput)


class OpmlForm(forms.Form):
    """A list of feeds, as a file or as text."""

    file = forms.FileField(
        label="OPML file", required=False, help_text=f"At most {LARGEST // 1_000_000} MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".opml,.xml,text/x-opml,text/xml"}),
    )  # fmt: skip
    text = forms.CharField(
        label="Or its text", required=False, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}), strip=True
    )

    def clean(self) -> dict[str, Any]:
        """Demand one of the two."""
        given = super().clean() or {}
        if not given.get("file") and not given.get("text") and not self.errors:
            raise forms.ValidationError(f"Choose a file of at most {LARGEST // 1_000_000} MB, or paste its text.")
        return given

    def body(self) -> bytes:
        """Return what was sent, as bytes."""
        file = self.cleaned_data["file"]
        return file.read(LARGEST + 1) if file else str(self.cleaned_data["text"]).encode()


class FeedFilterForm(forms.Form):
    """The filters of the list of feeds."""

    q = forms.CharField(label="Title or address", required=False, max_length=200)
    folder = forms.ChoiceField(required=False)
    standing = forms.ChoiceField(
        choices=[("", "Any"), (SICK, "To be looked at"), (GAPS, "Entries may be missing"), *STANDINGS.choices], required=False
    )
    order = forms.ChoiceField(choices=[("", "By folder"), (SICK, "Sick first")], required=False)
    page = PageField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["folder"] = folder_field()


def folder_field() -> forms.ChoiceField:
    """Make the choice of one of the folders that there are now."""
    known = [(name, name) for name in folders()]
    return forms.ChoiceField(choices=[("", "Any"), (NO_FOLDER, "Without a folder"), *known], required=False)
