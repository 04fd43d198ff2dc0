"""The form of a change that was drawn up already: the fields of its kind, filled with what it says."""

from collections.abc import Mapping
from typing import Any

from kb.pages.forms.changes import NOT_ASKED, ChangeForm, change_form
from kb.pages.forms.parts import EVIDENCE, FIELDS
from kb.review.wire import Json

# What names the thing that a change is about, and is not amended: another thing is another change.
_ABOUT = frozenset({"change", "ref", "statement", "split_from"})


class AmendedForm(ChangeForm):
    """A change as it stands, to be amended. Further pieces of evidence stay as they are."""

    whole: Mapping[str, Json] = {}

    def body(self) -> Json:
        """Return the change with what was amended in it; a field that was emptied is left out."""
        written: dict[str, Json] = super().body()
        kept = {
            name: value for name, value in self.whole.items() if name in _ABOUT or (name == "evidence" and isinstance(value, int))
        }
        if isinstance(words := self.whole.get("evidence"), list) and words:
            first = [_unasked(words[0]) | one for one in written.get("evidence", [])]
            written["evidence"] = [*first, *words[1:]]
        elif isinstance(words, dict) and "evidence" in written:
            written["evidence"] = _unasked(words) | written["evidence"]
        if isinstance(names := self.whole.get("aliases"), dict) and "aliases" in written:
            written["aliases"] = {name: names.get(name, False) for name in written["aliases"]}
        if isinstance(detail := self.whole.get("detail"), dict):
            asked = {name.removeprefix(FIELDS) for name in self.fields}
            written["detail"] = {name: value for name, value in detail.items() if name not in asked} | written.get("detail", {})
        return written | kept

    def _changed(self) -> dict[str, Json]:
        """An amendment's own fields, as they were or as they were bettered."""
        was = self.whole.get("fields", {})
        return {**was, **super()._changed()}


def _unasked(word: Mapping[str, Json]) -> dict[str, Json]:
    """What a piece of evidence says that the form does not ask for."""
    return {name: value for name, value in word.items() if name in NOT_ASKED}


def amended_form(body: Mapping[str, Json], data: Any) -> ChangeForm:
    """Make the form of a change that was drawn up."""
    kind = str(body.get("kind", "")) if body["change"] == "create_record" else ""
    plain = change_form(str(body["change"]), None, kind)
    about = _ABOUT | ({"evidence"} if isinstance(body.get("evidence"), int) else set())
    asked = {name: field for name, field in plain.base_fields.items() if name not in about}
    own = {**asked, "code": plain.code, "given": plain.given, "whole": dict(body)}
    made: type[ChangeForm] = type("OneAmendedChange", (AmendedForm,), own)
    return made(data, initial=_initial(body))


def _initial(body: Mapping[str, Json]) -> dict[str, Json]:
    """What the fields of the form hold at first."""
    found = {name: value for name, value in body.items() if not isinstance(value, dict | list)}
    detail = body.get("detail") or body.get("fields") or {}
    found |= {f"{FIELDS}{name}": value for name, value in detail.items()}
    evidence = body.get("evidence")
    first = evidence[0] if isinstance(evidence, list) and evidence else evidence if isinstance(evidence, dict) else {}
    found |= {f"{EVIDENCE}{name}": value for name, value in first.items()}
    if isinstance(aliases := body.get("aliases"), dict):
        found["aliases"] = "\n".join(aliases)
    if isinstance(pairs := body.get("identifiers"), list):
        found["identifiers"] = "\n".join(" ".join(pair) for pair in pairs)
    return found
