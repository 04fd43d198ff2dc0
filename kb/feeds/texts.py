"""The texts of feeds that a re-scan reads and a purge overwrites, listed where those of the other private tables are."""

from kb.feeds import models
from kb.review.texts import PRIVATE, Private


def register() -> None:
    """Put the tables of feeds to the private ones."""
    PRIVATE.update(_OF_FEEDS)


_OF_FEEDS = {
    models.Feed: Private(
        ("title", "folder"),
        ("url", "site_url", "left_out", "held", "etag", "modified", "body_digest", "item_digests", "usual", "outcome",
         "problem", "moved_to"),
    ),
    models.Host: Private((), ("name",)),
    models.Poll: Private((), ("outcome", "sentence")),
    models.FeedEvent: Private((), ("kind", "before", "after", "sentence")),
    models.Entry: Private(
        ("title", "excerpt"),
        ("uid_key", "url", "digest", "text_digest", "withheld", "state", "story"),
    ),
    models.EntryVersion: Private(("title", "excerpt"), ("url", "text_digest")),
    models.EntryDecision: Private((), ("state", "before", "proposal")),
    models.MutedStory: Private(("title",), ("story",)),
    models.Mention: Private(("surface",), ("outcome", "confidence", "features", "rivals")),
    models.NamePrior: Private(("name",)),
}  # fmt: skip
