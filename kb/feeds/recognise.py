"""What a batch of entries is compared with: the names of all records, what editors made of them, and recent stories.

Loaded once for a batch. How names are found is said in `match`, what makes a story in `stories.py`.
"""

from datetime import timedelta

from kb.core.clock import now
from kb.feeds.match.matcher import Matcher
from kb.feeds.match.names import current_matcher, names_edition
from kb.feeds.models import Entry, MutedStory
from kb.feeds.stories import StoryIndex

_RECENT = timedelta(days=14)
_MOST_RECENT = 20_000


class Recogniser:
    """Finds names and stories for one batch."""

    def __init__(self) -> None:
        self.edition = names_edition()
        self.matcher: Matcher = current_matcher()
        self.stories = StoryIndex(recent_stories())
        self._muted = frozenset(MutedStory.objects.filter(until__gt=now()).values_list("story", flat=True))

    def is_muted(self, story: str) -> bool:
        """Whether editors muted a story."""
        return story in self._muted


def recent_stories() -> list[tuple[str, str, str]]:
    """Return story, title and address of recent entries that have a story."""
    recent = Entry.objects.filter(first_seen__gte=now() - _RECENT).exclude(story="").order_by("-id")
    return list(recent.values_list("story", "title", "url")[:_MOST_RECENT])
