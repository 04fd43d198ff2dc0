"""What a guided filing of an issue says, and the typed changes that it comes to.

A draft may leave anything open; `missing()` says what a submission still needs. The form is `kb.pages`' business, the same
content comes through the API.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

from kb.core.dates import PartialDate
from kb.core.errors import InvalidInput
from kb.core.ids import fold
from kb.records import changes as do
from kb.records import vocabularies as words
from kb.records.checks import check_code
from kb.records.issue_codes import HAZARDS, ISSUE_CODES
from kb.records.models import Record
from kb.records.queries import find_record
from kb.review.screen import check_length
from kb.review.wire import NEW, Json, read_shape

MOST_ARTIFACTS = 20
MOST_SOURCES = 20
ISSUE = f"{NEW}issue"
KINDS_OF_ARTIFACT = ("dataset", "model", "product", "unresolved")
TOLD = ("", "yes", "no", "unknown")


@dataclass(frozen=True, slots=True)
class Artifact:
    """One artifact that the filing is about: a record on file by its key, or a name for one that is not."""

    record: str = ""
    name: str = ""
    kind: str = "unresolved"
    impact: str = "affected"


@dataclass(frozen=True, slots=True)
class Source:
    """One source: a report on file by its key, or what is needed to put it on file; and what it says."""

    record: str = ""
    title: str = ""
    url: str = ""
    publisher: str = ""
    published: str = ""
    type: str = "other"
    kind: str = "journalism"
    gist: str = ""
    quotation: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """A filing as it was written. `told` is whether the party was told, `told_when` and `told_how` say more for editors."""

    title: str = ""
    summary: str = ""
    how_known: str = ""
    code: str = ""
    frames: tuple[str, ...] = ()
    harm_status: str = "unclear"
    found_by: str = "unknown"
    artifacts: tuple[Artifact, ...] = ()
    sources: tuple[Source, ...] = ()
    told: str = ""
    told_when: str = ""
    told_how: str = ""
    embargo_reason: str = ""


_LENGTHS = {"title": 300, "summary": 5_000, "how_known": 5_000, "told_how": 1_000, "embargo_reason": 1_000, "told_when": 10}
_SOURCE_LENGTHS = {"title": 300, "url": 1_000, "publisher": 300, "gist": 2_000, "quotation": 300, "locator": 200}


def read_filing(data: Json) -> Filing:
    """Read a filing. Raises InvalidInput for unknown fields and for words that no vocabulary has; gaps may be open."""
    filing = read_shape(Filing, data, "filing")
    _check_lengths(filing)
    _check_words(filing)
    return filing


def write_filing(filing: Filing) -> dict[str, Any]:
    """Write a filing as JSON."""
    written = asdict(filing)
    return written | {"frames": list(filing.frames), "artifacts": list(written["artifacts"]), "sources": list(written["sources"])}


def _check_lengths(filing: Filing) -> None:
    for name, most in _LENGTHS.items():
        check_length(getattr(filing, name), most, name)
    if len(filing.artifacts) > MOST_ARTIFACTS or len(filing.sources) > MOST_SOURCES:
        raise InvalidInput(f"A filing names at most {MOST_ARTIFACTS} artifacts and {MOST_SOURCES} sources.")
    for source in filing.sources:
        for name, most in _SOURCE_LENGTHS.items():
            check_length(getattr(source, name), most, f"The {name} of a source")
    for artifact in filing.artifacts:
        check_length(artifact.name, 300, "The name of an artifact")


def _check_words(filing: Filing) -> None:
    if filing.code and filing.code not in ISSUE_CODES:
        raise InvalidInput(f"“{filing.code[:40]}” is not an issue code.")
    for frame in filing.frames:
        check_code(words.FRAMES, frame)
    check_code(words.HARM_STATUSES, filing.harm_status)
    check_code(words.FOUND_BY, filing.found_by)
    if filing.told not in TOLD:
        raise InvalidInput(f"“told” is one of: {', '.join(filter(None, TOLD))}.")
    for artifact in filing.artifacts:
        check_code(words.IMPACTS, artifact.impact)
        if artifact.kind not in KINDS_OF_ARTIFACT:
            raise InvalidInput(f"“{artifact.kind[:40]}” is not a kind of artifact: {', '.join(KINDS_OF_ARTIFACT)}.")
    for source in filing.sources:
        check_code(words.EVIDENCE_KINDS, source.kind)
        check_code(words.REPORT_TYPES, source.type)


def is_hazard(filing: Filing) -> bool:
    """Whether the strict rules hold for every text of the filing."""
    return filing.code in HAZARDS


def missing(filing: Filing) -> dict[str, str]:
    """Return, by field, what a submission still needs: one sentence each."""
    return dict(_missing(filing))


def _missing(filing: Filing) -> Iterator[tuple[str, str]]:
    if not filing.title.strip():
        yield "title", "Give the issue a title that says what was found."
    if not filing.summary.strip():
        yield "summary", "Say what was found."
    if not filing.how_known.strip():
        yield "how_known", "Say how it is known."
    if not filing.code:
        yield "code", "Choose what kind of issue it is."
    if not filing.frames:
        yield "frames", "Choose at least one field of harm."
    if not filing.artifacts:
        yield "artifacts", "Name at least one dataset, model or product that it is about."
    if not filing.sources:
        yield "sources", "Name at least one source, if need be your own unpublished work."
    yield from _missing_below(filing)


def _missing_below(filing: Filing) -> Iterator[tuple[str, str]]:
    if any(not (artifact.record or artifact.name).strip() for artifact in filing.artifacts):
        yield "artifacts", "Each artifact has the address or id of its record, or a name."
    for source in filing.sources:
        if not (source.record or source.title).strip():
            yield "sources", "Each source has the address or id of its record, or a title."
        elif not source.gist.strip():
            yield "sources", "Say of each source, in your own words, what it says."
    for source in filing.sources:
        yield from _dated("sources", source.published)
    yield from _dated("told_when", filing.told_when)


def _dated(field: str, text: str) -> Iterator[tuple[str, str]]:
    try:
        PartialDate.parse(text) if text else None
    except InvalidInput as problem:
        yield field, str(problem)


def changes_of(filing: Filing) -> list[do.Change]:
    """Turn a complete filing into typed changes. Raises InvalidInput where a key names no record, or not one of its kind."""
    if gaps := missing(filing):
        raise InvalidInput(" ".join(gaps.values()))
    maker = _Maker()
    evidence = tuple(maker.evidence(source) for source in filing.sources)
    artifacts = [(maker.artifact(artifact), artifact.impact) for artifact in filing.artifacts]
    issue = do.CreateRecord(
        ref=ISSUE, kind="issue", name=filing.title,
        detail={
            "code": filing.code, "frames": list(filing.frames), "harm_status": filing.harm_status, "found_by": filing.found_by,
        },
    )  # fmt: skip
    said = do.AddStatement(
        subject=ISSUE, predicate="described_as", value=filing.summary.strip(), note=filing.how_known.strip(), evidence=evidence
    )
    impacts = [
        do.AddStatement(subject=ISSUE, predicate="impact", object=artifact, qualifier=impact, evidence=evidence)
        for artifact, impact in artifacts
    ]
    return [*maker.created, issue, said, *impacts]


def put_on_file(source: Source) -> tuple[do.Ref, list[do.Change]]:
    """Return the report that a source is, and the changes that create what is not on file yet. Raises InvalidInput."""
    maker = _Maker()
    return maker.report(source), maker.created


class _Maker:
    """Finds what a filing names on file, and creates what is not there, once each."""

    def __init__(self) -> None:
        self.created: list[do.Change] = []
        self._made: dict[tuple[str, str], str] = {}

    def artifact(self, artifact: Artifact) -> do.Ref:
        if artifact.record:
            record = find_record(artifact.record)
            if not record.is_artifact:
                raise InvalidInput(f"{record.name} is a {record.row.label.lower()}, not a dataset, model or product.")
            return record.id
        return self._create(artifact.kind, artifact.name)

    def evidence(self, source: Source) -> do.EvidenceDraft:
        return do.EvidenceDraft(
            report=self.report(source), kind=source.kind, gist=source.gist, quotation=source.quotation, locator=source.locator
        )

    def report(self, source: Source) -> do.Ref:
        if source.record:
            return find_record(source.record).id
        detail: dict[str, object] = {"type": source.type, "url": source.url, "published": source.published}
        if source.publisher.strip():
            detail["publisher"] = self._publisher(source.publisher)
        return self._create("report", source.title, detail)

    def _publisher(self, name: str) -> do.Ref:
        found = Record.objects.filter(kind="party", folded=fold(name), merged_into=None, withdrawn=None)[:2]
        return found[0].id if len(found) == 1 else self._create("party", name, {"type": "other"})

    def _create(self, kind: str, name: str, detail: dict[str, object] | None = None) -> str:
        key = (kind, fold(name))
        if key not in self._made:
            self._made[key] = ref = f"{NEW}{kind}-{len(self._made) + 1}"
            self.created.append(do.CreateRecord(ref=ref, kind=kind, name=name, detail=detail or {}))
        return self._made[key]


FIELDS = tuple(field.name for field in fields(Filing))
