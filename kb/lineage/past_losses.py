"""What past editions lost, for the public page: history stands still, so each edition is worked out once in a process.

What is kept holds numbers alone, under an edition and its digest, so that nothing of another chain or of an edition that
was rolled back is ever taken for ours. Names and reasons are read anew each time.
"""

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from kb.ledger.models import Change, Edition
from kb.ledger.write import current_head
from kb.lineage.alarm import LostEdge, followed_between, in_names, lost_between
from kb.lineage.fall import MOST_FOLLOWED, Followed
from kb.records.queries import records_by_id

_EDITIONS_KEPT = 256


@dataclass(frozen=True, slots=True)
class _History:
    """The editions that lost something, newest first, up to one edition and its digest."""

    edition: int = 0
    digest: str = ""
    losing: tuple[int, ...] = ()


_lock = Lock()
_known = _History()


def editions_with_losses() -> tuple[int, ...]:
    """Return the numbers of the editions that lost steps or took merges back to some effect, newest first."""
    global _known  # noqa: PLW0603 - one process keeps one history
    newest, digest = current_head()
    with _lock:
        if _known.digest != digest or _known.edition != newest:
            known = _known if _goes_on(_known, newest) else _History()
            _known = _History(newest, digest, (*_losing(known.edition, newest), *known.losing))
        return _known.losing


def lost_in(edition: Edition, shown: int) -> tuple[list[LostEdge], int]:
    """Return the first steps that an edition lost, and how many there are."""
    found = followed_in(edition)
    return in_names(found[:shown], records_by_id), len(found)


def followed_in(edition: Edition) -> tuple[Followed, ...]:
    """Return what an edition lost, by numbers."""
    return _followed_in(edition.number, edition.digest)


@lru_cache(_EDITIONS_KEPT)
def _followed_in(edition: int, digest: str) -> tuple[Followed, ...]:
    """What one edition lost. The digest is part of the key alone."""
    return tuple(followed_between(edition - 1, edition, MOST_FOLLOWED))


def _losing(after: int, until: int) -> tuple[int, ...]:
    lost = lost_between(after, until)
    losing = {one.loss.edition for one in lost if not one.is_parting}
    parting = {one.loss.edition for one in lost} - losing
    digests = dict(Edition.objects.filter(number__in=parting).values_list("number", "digest"))
    losing |= {edition for edition in parting if _followed_in(edition, digests[edition])}
    return tuple(sorted(losing, reverse=True))


def _goes_on(known: _History, newest: int) -> bool:
    """Whether what is known is of this chain's past, and no payload that it was read from has been purged since."""
    if not 0 < known.edition <= newest:
        return False
    same = Edition.objects.filter(number=known.edition, digest=known.digest).exists()
    return same and not Change.objects.filter(edition_id__gt=known.edition, action="purge").exists()
