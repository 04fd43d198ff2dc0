"""An answer of lineage as CSV: one row for each numbered edge, with the best piece of its evidence.

The rows are the edges of the JSON and of the page, under the same numbers.
"""

import csv
import io

from kb.exchange.exporters.evidence_json import day
from kb.exchange.exporters.lineage_edges import Part, edge_row, numbered_edges
from kb.lineage.answer import Edge
from kb.lineage.ask import Answer
from kb.records.models import Evidence
from kb.records.queries import sources_of
from kb.records.sources import FOUNDING
from kb.records.telling import best_of

COLUMNS = (
    "number", "part", "child_id", "child", "parent_id", "parent", "predicate", "carries", "status", "contested", "start", "end",
    "stance", "publisher", "title", "date", "address", "quotation_or_gist", "last_checked", "edition", "licence",
)  # fmt: skip
# What a spreadsheet may take for a formula (OWASP: CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Spreadsheets take a file for UTF-8 only when it begins with this mark.
_MARK = "\ufeff"


def lineage_csv(answer: Answer) -> str:
    """Write an answer as CSV."""
    text = io.StringIO()
    text.write(_MARK)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    best = {edge.statement: best_of(answer.evidence[edge.statement]) for _, edge in numbered_edges(answer)}
    sources = sources_of(row.report_id for row in best.values() if row)
    for part, edge in numbered_edges(answer):
        row = best[edge.statement]
        # What a source says stays under that source's terms; everything else is the founding world's.
        source = sources.get(row.report_id, FOUNDING) if row else FOUNDING
        writer.writerow([_harmless(cell) for cell in (*_cells(answer, part, edge, row), source.licence)])
    return text.getvalue()


def file_name(answer: Answer) -> str:
    """Return the name under which the file is saved: it says root, direction and edition."""
    root = answer.record(answer.world.speaker(answer.root.id))
    return f"upstream-{root.slug}-{answer.question.direction}-edition-{answer.edition}.csv"


def _cells(answer: Answer, part: Part, edge: Edge, evidence: Evidence | None) -> list[object]:
    row = edge_row(answer, edge)
    return [
        row["number"], part, row["child"], row["child_name"], row["parent"], row["parent_name"], row["predicate"],
        row["carries"], row["status"], "yes" if row["contested"] else "no", row["start"], row["end"],
        *_evidence_cells(evidence), answer.edition,
    ]  # fmt: skip


def _evidence_cells(row: Evidence | None) -> list[object]:
    if row is None:
        return [""] * 7
    detail = row.report.report
    publisher = detail.publisher.name if detail.publisher else ""
    said = row.quotation or row.gist
    return [row.stance, publisher, row.report.name, detail.published, detail.url, said, day(row.last_checked)]


def _harmless(cell: object) -> object:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
