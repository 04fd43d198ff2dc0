"""What a form carries unseen: the edition that it was drawn up on, and by what it is known again when it is sent twice.

Nothing is overwritten unseen, and nothing is taken twice; what follows from either is said in `kb.review`.
"""

import json
from collections.abc import Sequence

from django import forms
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from kb.core.errors import InvalidInput, UserError
from kb.ledger.write import current_edition
from kb.pages.forms.number import UnseenNumberField
from kb.review.keys import new_token
from kb.review.stale import Overwritten, refuse_overwriting
from kb.review.wire import Json, read_change


class Drawn(forms.Form):
    """The unseen fields. Printed as they are, inside a form whose own fields are shown by others."""

    base_edition = UnseenNumberField(min_value=0, required=False)
    once = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    @property
    def edition(self) -> int | None:
        """The edition that the form was drawn up on; None where it says none."""
        return self.cleaned_data["base_edition"]  # type: ignore[no-any-return]

    @property
    def sent_by(self) -> str:
        """By what it is known again; empty where it carries nothing of the kind."""
        once = self.cleaned_data["once"]
        return salted_hmac("kb.pages.forms.drawn", once, algorithm="sha256").hexdigest() if once else ""

    def digest_of(self, said: Json) -> str:
        """A digest of what was sent with it, by which something else is told from the same sent twice."""
        return salted_hmac("kb.pages.forms.drawn.said", json.dumps(said, sort_keys=True, default=str)).hexdigest()

    def refuse_overwriting(self, bodies: Sequence[Json]) -> None:
        """Raise Overwritten where somebody else changed what these changes would overwrite since the form was drawn up."""
        if self.edition is not None:
            refuse_overwriting([read_change(body) for body in bodies], self.edition)


def drawn(request: HttpRequest) -> Drawn:
    """Return the unseen fields of a form: fresh ones, or those that were sent. Raises InvalidInput where they were altered."""
    if request.method != "POST":
        return _fresh(new_token())
    form = Drawn(request.POST)
    if not form.is_valid():
        raise InvalidInput("The form is not as we sent it. Load its page again.")
    return form


def redrawn(form: Drawn, problem: UserError) -> Drawn:
    """Return the fields for a form that is shown again: once it says what others changed, it may be sent knowingly."""
    return _fresh(form.cleaned_data["once"] or new_token()) if isinstance(problem, Overwritten) else form


def _fresh(once: str) -> Drawn:
    return Drawn(initial={"base_edition": current_edition(), "once": once})
