"""The fields that only legislation has, with its provisions and actions, which come as structured documents."""

from django.db import models

from kb.ledger.models import PublicRow
from kb.records.models.record import Record
from kb.records.vocabularies import PROVISION_KINDS


class LegislationDetail(PublicRow):
    """A bill, act or regulation. Its stage is a dated statement."""

    record = models.OneToOneField(Record, models.PROTECT, related_name="legislation")
    jurisdiction = models.CharField(max_length=20)
    number = models.CharField(max_length=60, blank=True)
    session = models.CharField(max_length=60, blank=True)
    official_title = models.CharField(max_length=600, blank=True)

    def __str__(self) -> str:
        return f"legislation {self.record_id}"


class Provision(PublicRow):
    """One provision with the dates between which it has effect."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="provisions")
    locator = models.CharField(max_length=100)
    heading = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=20, choices=PROVISION_KINDS.choices)
    gist = models.TextField()
    effective_from = models.CharField(max_length=10, blank=True)
    effective_to = models.CharField(max_length=10, blank=True)
    report = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["record", "locator", "kind"], name="records_provision_once")]

    def __str__(self) -> str:
        return self.locator


class Action(PublicRow):
    """One step in the life of a law. A step that maps to no stage leaves the stage alone."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="actions")
    date = models.CharField(max_length=10)
    text = models.CharField(max_length=600)
    stage = models.CharField(max_length=20, blank=True)
    report = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["date", "id"]
        constraints = [models.UniqueConstraint(fields=["record", "date", "text"], name="records_action_once")]

    def __str__(self) -> str:
        return f"{self.date} {self.text}"
