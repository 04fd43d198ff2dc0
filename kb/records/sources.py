"""The registry of sources that records come from, with the licence under which their facts are taken.

A source's code stands in source keys; pages and exports state licence and review from here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A place that records are taken from.

    `slug_prefix` begins the slug of every record that it brings, so that no import takes a slug of the founding world.
    """

    code: str
    title: str
    licence: str
    note: str
    slug_prefix: str = ""


FOUNDING = Source(
    "founding",
    "Upstream founding world",
    "CC BY 4.0",
    "Compiled from public sources; Upstream has not yet asked this party.",
)
ECOSYSTEM_GRAPHS = Source(
    "ecosystem-graphs",
    "Ecosystem Graphs (Stanford CRFM)",
    "No licence declared: facts and links are taken, not prose.",
    "Imported from Ecosystem Graphs, not reviewed by Upstream.",
    slug_prefix="eg",
)

SOURCES: dict[str, Source] = {source.code: source for source in (FOUNDING, ECOSYSTEM_GRAPHS)}
