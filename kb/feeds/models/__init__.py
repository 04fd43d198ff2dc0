"""The private tables of feeds. Nothing here is public: what becomes public is proposed and published through the one door."""

from kb.feeds.models.entry import Entry, EntryDecision, EntryVersion, MutedStory
from kb.feeds.models.feed import Feed, FeedEvent, Poll
from kb.feeds.models.host import Host
from kb.feeds.models.mention import Mention, NamePrior

__all__ = ["Entry", "EntryDecision", "EntryVersion", "Feed", "FeedEvent", "Host", "Mention", "MutedStory", "NamePrior", "Poll"]
