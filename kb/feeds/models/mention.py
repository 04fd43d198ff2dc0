"""Names of records that were recognised in entries, and what editors made of such names before."""

from django.db import models

from kb.feeds.models.entry import Entry
from kb.feeds.words import MENTION_OUTCOMES


class Mention(models.Model):
    """One name in one entry, which says that a record is named, and no more.

    Places count characters of title, line break and excerpt. `surface` is the name as it stands there. `features` and `rule`
    say how the score (0 to 100) came about. `kept` is an editor's word on it: None before there is one.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="mentions")
    record_id = models.BigIntegerField(db_index=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    surface = models.CharField(max_length=300)
    outcome = models.CharField(max_length=10, choices=MENTION_OUTCOMES.choices)
    score = models.PositiveSmallIntegerField()
    confidence = models.CharField(max_length=10)
    features = models.JSONField(default=dict)
    rivals = models.JSONField(default=list)
    rule = models.PositiveSmallIntegerField()
    kept = models.BooleanField(null=True)

    class Meta:
        ordering = ["entry", "start"]
        constraints = [models.UniqueConstraint(fields=["entry", "start", "end", "record_id"], name="feeds_mention_once")]

    def __str__(self) -> str:
        return self.surface


class NamePrior(models.Model):
    """How often editors accepted or ignored what a name led to; `name` is its folded form."""

    name = models.CharField(max_length=300, unique=True)
    accepted = models.PositiveIntegerField(default=0)
    ignored = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
