"""The tables of the ledger, and the base of every table that it guards.

Editions and change rows are append-only. Payloads lie beside them so that a purge can empty one
while the chain still holds. What the guarded rows say is the business of the layers above.
"""

from django.db import models

ACTIONS = [("insert", "insert"), ("update", "update"), ("delete", "delete"), ("open", "open"), ("purge", "purge")]


class Head(models.Model):
    """The one row that says how far the chain has come; holding its lock is holding the pen."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    edition = models.BigIntegerField(default=0)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="ledger_one_head")]

    def __str__(self) -> str:
        return f"edition {self.edition}, change {self.sequence}"


class Edition(models.Model):
    """One published change set. Numbers have no gaps; `actor` is an opaque name."""

    number = models.BigIntegerField(primary_key=True)
    actor = models.CharField(max_length=100)
    published_at = models.DateTimeField()
    first_sequence = models.BigIntegerField()
    last_sequence = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"edition {self.number}"


class Change(models.Model):
    """One link of the chain: which row changed, how, and the digest over all that came before."""

    sequence = models.BigIntegerField(primary_key=True)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="changes", db_constraint=False)
    table = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    action = models.CharField(max_length=6, choices=ACTIONS)
    payload_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["table", "row_id", "version"], name="ledger_change_once")]

    def __str__(self) -> str:
        return f"{self.action} {self.table} {self.row_id} v{self.version}"


class Payload(models.Model):
    """What a change row announces: the row as it is afterwards, salted. A purge empties body and salt."""

    change = models.OneToOneField(Change, models.PROTECT, primary_key=True, db_constraint=False)
    salt = models.CharField(max_length=32, blank=True)
    body = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"payload of change {self.change_id}"


class Counter(models.Model):
    """The last number given out under a name. Numbers are never given twice."""

    name = models.CharField(max_length=63, primary_key=True)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


class PublicRow(models.Model):
    """The base of every guarded table: a row that exists only because a change row announced it."""

    id = models.BigIntegerField(primary_key=True)
    version = models.PositiveIntegerField()
    sequence = models.BigIntegerField()
    edition = models.BigIntegerField(db_index=True)

    class Meta:
        abstract = True
