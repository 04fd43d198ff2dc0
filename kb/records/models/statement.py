"""Statements: everything that is said about a record, with their versions."""

from django.db import models
from django.db.models import Q

from kb.ledger.models import PublicRow
from kb.records.models.record import Record

VALUE_COLUMNS = ("object", "value_code", "value_text", "value_integer", "value_decimal", "value_date")


def _exactly_one_value() -> Q:
    """Exactly one of the object and the value columns is set."""
    condition = Q()
    for column in VALUE_COLUMNS:
        others = {f"{other}__isnull": True for other in VALUE_COLUMNS if other != column}
        condition |= Q(**{f"{column}__isnull": False}, **others)
    return condition


class StatementColumns(models.Model):
    """The typed columns that a statement and each of its versions have."""

    subject = models.ForeignKey(Record, models.PROTECT, related_name="+")
    predicate = models.CharField(max_length=40)
    object = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+")
    value_code = models.CharField(max_length=30, null=True)
    value_text = models.TextField(null=True)
    value_integer = models.BigIntegerField(null=True)
    value_decimal = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    value_date = models.CharField(max_length=10, null=True)
    unit = models.CharField(max_length=40, blank=True)
    qualifier = models.CharField(max_length=40, blank=True)
    start = models.CharField(max_length=10, blank=True)
    end = models.CharField(max_length=10, blank=True)
    rank = models.CharField(max_length=10, default="normal")
    status = models.CharField(max_length=12)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True


class Statement(PublicRow, StatementColumns):
    """One statement. `identity` is the digest of subject, predicate, object or value and qualifier: dates are not identity.

    `status` is derived from the evidence by `kb.records.status`; an override stands with its public reason.
    """

    subject = models.ForeignKey(Record, models.PROTECT, related_name="statements")
    object = models.ForeignKey(Record, models.PROTECT, null=True, related_name="statements_about")
    identity = models.CharField(max_length=64, unique=True)
    retracted = models.BooleanField(default=False)
    override = models.CharField(max_length=12, blank=True)
    override_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_exactly_one_value(), name="records_statement_one_value"),
            models.CheckConstraint(condition=Q(override="") | ~Q(override_reason=""), name="records_override_has_reason"),
        ]
        indexes = [
            models.Index(fields=["subject", "predicate"]),
            models.Index(fields=["object", "predicate"]),
            models.Index(fields=["predicate", "value_code"]),
        ]

    def __str__(self) -> str:
        return f"statement {self.id}: {self.predicate}"


class StatementVersion(StatementColumns):
    """A statement as it stood from edition `born` until edition `died`: what makes the past a mask."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    born = models.BigIntegerField()
    died = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "version"], name="records_statement_version_once")]
        indexes = [models.Index(fields=["predicate", "born"]), models.Index(fields=["died"])]

    def __str__(self) -> str:
        return f"statement {self.statement_id} v{self.version}"


VERSIONED_COLUMNS = tuple(field.attname for field in StatementColumns._meta.local_fields)
