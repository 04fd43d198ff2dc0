"""Entries of feeds: an excerpt each, never the whole text, with earlier versions and what editors decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kb.core.clock import now
from kb.feeds.models.feed import LONGEST_ADDRESS, Feed
from kb.feeds.words import DECIDED, ENTRY_STATES

LONGEST_TITLE = 300
LONGEST_EXCERPT = 1_000


class Entry(models.Model):
    """One entry of one feed.

    `uid_key` is a digest of what the feed calls it, by which it is found again; it `shares_name` where the feed gives that
    name to others too. `digest` is that of its item as last read, `text_digest` that of its words, whole text included.
    `story` is shared by entries of the same story. `withheld` names the rule of the guard that kept title, excerpt or address
    out. `decided` is when an editor last decided.
    """

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="entries")
    uid_key = models.CharField(max_length=64)
    shares_name = models.BooleanField(default=False)
    url = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    excerpt = models.TextField(blank=True)
    published = models.DateTimeField(null=True)
    updated = models.DateTimeField(null=True)
    first_seen = models.DateTimeField(default=now)
    last_changed = models.DateTimeField(default=now)
    digest = models.CharField(max_length=64)
    text_digest = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    withheld = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=ENTRY_STATES.choices, default="inbox")
    story = models.CharField(max_length=64, blank=True)
    decided = models.DateTimeField(null=True)
    names_edition = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["feed", "uid_key"], name="feeds_entry_once")]
        indexes = [
            models.Index(fields=["-id"], condition=Q(state="inbox"), name="feeds_inbox"),
            models.Index(fields=["story"]),
            models.Index(fields=["first_seen"]),
            models.Index(fields=["feed", "-published"]),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    @property
    def is_decided(self) -> bool:
        """Whether an editor has decided on it."""
        return self.state in DECIDED


class EntryVersion(models.Model):
    """How an entry read before it was edited; the present words stand in the entry itself."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    excerpt = models.TextField(blank=True)
    url = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    text_digest = models.CharField(max_length=64)
    until = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["entry", "version"], name="feeds_version_once")]

    def __str__(self) -> str:
        return f"version {self.version} of {self.entry_id}"


class EntryDecision(models.Model):
    """What an editor decided on an entry, and the proposal that came of it."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="decisions")
    state = models.CharField(max_length=10, choices=ENTRY_STATES.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    proposal = models.CharField(max_length=26, blank=True)
    before = models.CharField(max_length=10, choices=ENTRY_STATES.choices)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.state} for {self.entry_id}"


class MutedStory(models.Model):
    """A story that editors no longer want to see; what joins it later is muted on arrival, until a day."""

    story = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=LONGEST_TITLE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    until = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title
