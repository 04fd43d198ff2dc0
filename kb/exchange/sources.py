"""The registry of importers: which sources can be read, by what, and what a run of each says of itself."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kb.core.errors import InvalidInput
from kb.exchange.drafts import Reading
from kb.exchange.importers import ecosystem_graphs
from kb.records.sources import ECOSYSTEM_GRAPHS, Source


@dataclass(frozen=True, slots=True)
class Importer:
    """How a source is read. `report` is the key of the report through which it speaks, `notice` what a run tells."""

    source: Source
    read: Callable[[Path], Reading]
    report: str
    notice: str


IMPORTERS: dict[str, Importer] = {
    importer.source.code: importer
    for importer in (
        Importer(
            ECOSYSTEM_GRAPHS, ecosystem_graphs.read_folder, ecosystem_graphs.REPORT,
            "Ecosystem Graphs declares no licence: facts and links are taken, not prose.",
        ),
    )
}  # fmt: skip


def find_importer(code: str) -> Importer:
    """Return the importer of a source. Raises InvalidInput for a source that cannot be imported."""
    importer = IMPORTERS.get(code)
    if importer is None:
        raise InvalidInput(f"“{code[:40]}” is not a source that can be imported. Known are: {', '.join(IMPORTERS)}.")
    return importer
