"""The re-scan (SAFETY 8): the present guard reads every text that is stored, old versions and private tables included.

It says where a text breaks which rule, and never what the text is. Taking it out is left to `purge.py`.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning  # noqa: A004 - Django's own name for it
from django.db import connections
from django.db.models import Max

from kb.core.safety import GUARD_VERSION, find_rule
from kb.ledger.models import Change
from kb.records.places import Place, public_places
from kb.review.models import Scan
from kb.review.texts import private_places

# Versions of a row repeat its texts: what was read is known by a digest, and forgotten in bulk.
_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a text breaks a rule. `where`: on record, in versions or the ledger, or in a private table."""

    table: str
    row: int
    version: int | None
    column: str
    where: str
    rule: str

    def __str__(self) -> str:
        version = f" v{self.version}" if self.version is not None else ""
        return f"{self.table} {self.row}{version} {self.column}: {self.rule} ({self.where})"


@dataclass(slots=True)
class Rescan:
    """One run over everything. `texts` counts what was read."""

    texts: int = 0
    _read: dict[bytes, str | None] = field(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        """Yield each finding as it is found. A run that ends with none is remembered."""
        count = 0
        for found in self.read(chain(public_places(), private_places())):
            count += 1
            yield found
        if not count:
            remember(self.texts)

    def read(self, places: Iterable[Place]) -> Iterator[Finding]:
        """Read texts and yield those that break a rule. A text may break a rule in several columns of one row."""
        for place in places:
            self.texts += 1
            if rule := self._rule(place):
                yield Finding(place.table, place.row, place.version, place.column, place.where, rule)

    def _rule(self, place: Place) -> str | None:
        asked = f"{place.hazard:d}{place.quotation:d}{place.text}".encode("utf-8", "surrogatepass")
        known = hashlib.blake2b(asked, digest_size=16).digest()
        if known not in self._read:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            self._read[known] = find_rule(place.text, hazard=place.hazard, quotation=place.quotation)
        return self._read[known]


def remember(texts: int) -> None:
    """Note that the present guard has read everything and found nothing."""
    Scan.objects.create(guard_version=GUARD_VERSION, texts=texts)


def scanned_version() -> int:
    """Return the version of the strongest guard that has read everything, 0 before the first."""
    return Scan.objects.aggregate(newest=Max("guard_version"))["newest"] or 0


def after_migrations(using: str, **_: object) -> None:
    """What begins empty is read by the guard of its day: only a stronger one has anything to read again."""
    tables = connections[using].introspection.table_names()
    stands = {Scan._meta.db_table, Change._meta.db_table} <= set(tables)
    if stands and not Scan.objects.using(using).exists() and not Change.objects.using(using).exists():
        Scan.objects.using(using).create(guard_version=GUARD_VERSION, texts=0)


def check_scanned(
    app_configs: Iterable[AppConfig] | None, databases: Iterable[str] | None = None, **_: object
) -> list[CheckMessage]:
    """Say where a stronger guard has not read what is stored."""
    for alias in databases or ():
        if Scan._meta.db_table in connections[alias].introspection.table_names() and scanned_version() < GUARD_VERSION:
            said = f"Version {GUARD_VERSION} of the safety guard has not read what is stored, or found something in it."
            return [Warning(said, hint="Run “manage.py rescan”, and “manage.py purge” for what it finds.", id="review.W001")]
    return []
