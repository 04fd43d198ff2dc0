"""Finding the artifact that a reader names: by id, slug or name. A name that several bear is never guessed."""

from dataclasses import dataclass

from kb.core.errors import InvalidInput, NotFound
from kb.core.ids import fold
from kb.lineage.ask import root_record
from kb.records.kinds import ARTIFACTS
from kb.records.models import Record
from kb.records.queries import by_relevance, matching

_OFFERED = 10
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Named:
    """The artifact that a text names, or those that it may name."""

    text: str
    record: Record | None = None
    candidates: tuple[Record, ...] = ()


def named_artifact(text: str) -> Named:
    """Return what a text names. Raises InvalidInput where it is the id or slug of what lineage does not run through."""
    text = text.strip()
    if len(text) > _LONGEST:
        raise InvalidInput(f"A name has at most {_LONGEST} characters.")
    if not text:
        return Named(text)
    try:
        return Named(text, root_record(text))
    except NotFound:
        return _by_name(text)
    except InvalidInput:
        # The slug of a party, say, that datasets are named after.
        found = _by_name(text)
        if not (found.record or found.candidates):
            raise
        return found


def _by_name(text: str) -> Named:
    artifacts = Record.objects.filter(kind__in=ARTIFACTS, merged_into=None)
    found = list(by_relevance(matching(artifacts, text), text)[:_OFFERED])
    exact = [record for record in found if record.folded == fold(text)]
    if len(exact) == 1:
        return Named(text, exact[0])
    return Named(text, candidates=tuple(exact or found))


def one_artifact(text: str, name: str) -> Record:
    """Return the artifact that a parameter names. Raises a UserError that lists the candidates where it is not one."""
    found = named_artifact(text)
    if found.record is not None:
        return found.record
    if not found.text:
        raise InvalidInput(f"{name}: name a dataset, model or product by id, slug or name.")
    if not found.candidates:
        raise NotFound(f"{name}: there is no dataset, model or product “{found.text[:80]}”.")
    offered = ", ".join(f"{record.public_id} {record.name}" for record in found.candidates)
    raise InvalidInput(f"{name}: “{found.text[:80]}” may be any of these; ask by id: {offered}.")
