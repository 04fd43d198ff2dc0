"""Feeds as records of operation: where each is, how its polls went, and what happened to its address."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kb.core.clock import now
from kb.feeds.words import FEED_EVENTS, ITEM_RULES, OUTCOMES

LONGEST_ADDRESS = 2_000


class Feed(models.Model):
    """One feed. It is polled while it is `active` and not `gone`. While it is `held`, only what looks like it is stored.

    `etag`, `modified` and `body_digest` are those of the last good document, `item_digests` those of its items. `failures`
    is weighted: what is likely to pass counts less. `moved_to` is where the last polls were permanently sent, seen
    `moved_seen` times in a row. `usual` holds what the quality gate compares with, `rate`
    half of the usual time between two entries, in seconds, `interval` how long it was last left alone. Times of polls are UTC.
    """

    url = models.CharField(max_length=LONGEST_ADDRESS, unique=True)
    title = models.CharField(max_length=300)
    site_url = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    folder = models.CharField(max_length=120, blank=True)
    weight = models.PositiveSmallIntegerField(default=3)
    left_out = models.CharField(max_length=16, choices=ITEM_RULES.choices, default="none")
    active = models.BooleanField(default=False)
    gone = models.BooleanField(default=False)
    held = models.CharField(max_length=300, blank=True)
    created = models.DateTimeField(default=now)

    etag = models.CharField(max_length=500, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    body_digest = models.CharField(max_length=64, blank=True)
    item_digests = models.JSONField(default=list)
    ttl = models.PositiveIntegerField(null=True)
    usual = models.JSONField(default=dict)

    next_poll = models.DateTimeField(default=now)
    rate = models.PositiveIntegerField(default=3600)
    interval = models.PositiveIntegerField(default=3600)
    last_poll = models.DateTimeField(null=True)
    last_good = models.DateTimeField(null=True)
    last_new = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=OUTCOMES.choices, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0)
    moved_to = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    moved_seen = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["folder", "title", "id"]
        indexes = [models.Index(fields=["next_poll"], condition=Q(active=True, gone=False), name="feeds_due")]
        constraints = [models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=5), name="feeds_weight_1_to_5")]

    def __str__(self) -> str:
        return self.title or self.url


class Poll(models.Model):
    """The log of polls; only the newest of each feed are kept. `milliseconds` is the time that fetching took."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="polls")
    at = models.DateTimeField(default=now)
    outcome = models.CharField(max_length=12, choices=OUTCOMES.choices)
    status = models.PositiveSmallIntegerField(null=True)
    items = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    edited = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    sentence = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["feed", "-id"])]

    def __str__(self) -> str:
        return f"{self.outcome} of {self.feed_id}"


class FeedEvent(models.Model):
    """What happened to a feed beside its polls. A followed address can be undone: `before` is the old one."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="events")
    at = models.DateTimeField(default=now)
    kind = models.CharField(max_length=10, choices=FEED_EVENTS.choices)
    before = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    after = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    sentence = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.feed_id}"
