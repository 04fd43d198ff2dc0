"""Records: what a thing is called. Everything else about it is a statement."""

from typing import ClassVar, TypeVar

from django.db import models
from django.db.models import Q

from kb.core.ids import SLUG_LENGTH, public_id
from kb.ledger.models import PublicRow
from kb.records.kinds import KINDS, Kind


class Record(PublicRow):
    """One thing in the knowledge base, of any kind.

    `number` counts within the kind and is never reused; `merged_into` points to the record that speaks for this one,
    `split_from` to the one that it was a part of. A withdrawn record keeps id, slug and history as a tombstone: the
    edition that withdrew it, which is the last to have changed the row, has the reason.
    """

    kind = models.CharField(max_length=12, choices=[(kind.code, kind.label) for kind in KINDS.values()])
    number = models.BigIntegerField()
    name = models.CharField(max_length=300)
    folded = models.CharField(max_length=300, db_index=True)
    slug = models.CharField(max_length=SLUG_LENGTH, unique=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="split_off")
    withdrawn = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="records_public_id"),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="records_known_kind"),
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="records_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(withdrawn=None) | Q(merged_into=None), name="records_merged_or_withdrawn_never_both"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "folded"]),
            # What lists and counts hold, and the few that they leave out.
            models.Index(fields=["kind", "folded"], condition=Q(merged_into=None, withdrawn=None), name="records_record_listed"),
            models.Index(fields=["withdrawn"], condition=Q(withdrawn__isnull=False), name="records_record_withdrawn"),
            models.Index(fields=["edition"], condition=Q(version__gte=2), name="records_record_rewritten"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def row(self) -> Kind:
        """The registry's row of this record's kind."""
        return KINDS[self.kind]

    @property
    def public_id(self) -> str:
        """The permanent id, such as `UP-D-7`."""
        return public_id(self.row.letter, self.number)

    @property
    def path(self) -> str:
        """The record's address on this site."""
        return f"/r/{self.slug}/"

    @property
    def is_artifact(self) -> bool:
        """Whether lineage flows through it."""
        return self.row.artifact


AnyRecord = TypeVar("AnyRecord", bound=Record)


class _OfKind(models.Manager[AnyRecord]):
    """The records of one kind, for the proxies."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> models.QuerySet[AnyRecord]:
        return super().get_queryset().filter(kind=self.kind)


class Dataset(Record):
    """A dataset."""

    objects: ClassVar[models.Manager["Dataset"]] = _OfKind("dataset")

    class Meta:
        proxy = True


class Model(Record):
    """A model, a version of one or a family."""

    objects: ClassVar[models.Manager["Model"]] = _OfKind("model")

    class Meta:
        proxy = True


class Product(Record):
    """An application or service."""

    objects: ClassVar[models.Manager["Product"]] = _OfKind("product")

    class Meta:
        proxy = True


class Unresolved(Record):
    """A name whose kind nobody has said."""

    objects: ClassVar[models.Manager["Unresolved"]] = _OfKind("unresolved")

    class Meta:
        proxy = True
