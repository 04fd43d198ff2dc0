"""Reading the founding world: YAML files in our own words, one for each record. See docs/founding-world.md.

It turns files into drafts and says clearly which file is malformed; what may be stated is checked on publishing.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from kb.core.errors import InvalidInput
from kb.exchange.drafts import EvidenceSaid, RecordDraft, Said
from kb.records.detail import DETAILS, PARTS
from kb.records.kinds import KINDS_BY_PATH

_EXTRA = "extra"
_PARTS = {"provisions": "provision", "actions": "action"}
_KNOWN = {"name", "aliases", "identifiers", "statements", "relies_on", *_PARTS}
_STATEMENT_KEYS = frozenset({"predicate", "object", "value", "qualifier", "unit", "start", "end", "note", "rank", "evidence"})
_EVIDENCE_KEYS = frozenset(
    {"report", "kind", "gist", "stance", "locator", "cited_in", "said_by", "date", "checked", "confidence", "confidence_reason"}
)


def read_folder(folder: Path) -> list[RecordDraft]:
    """Read every record of a folder.

    Raises InvalidInput, naming the file, for the first one that is malformed.
    """
    if not folder.is_dir():
        raise InvalidInput(f"There is no folder {folder}.")
    drafts: dict[str, RecordDraft] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        if path.parent.name != _EXTRA:
            drafts[path.stem] = _in_file(path, _record, drafts)
    for path in sorted((folder / _EXTRA).glob("*.yaml")):
        _in_file(path, _extra, drafts)
    return list(drafts.values())


def _in_file(path: Path, read: Any, drafts: dict[str, RecordDraft]) -> Any:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        if not isinstance(content, dict):
            raise InvalidInput("a mapping is expected")
        return read(path, content, drafts)
    except yaml.YAMLError as error:
        line = f" in line {error.problem_mark.line + 1}" if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark else ""
        raise InvalidInput(f"{path.parent.name}/{path.name}: this is not YAML{line}.") from None
    except (InvalidInput, KeyError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path.parent.name}/{path.name}: {error}") from None


def _record(path: Path, content: dict[str, Any], drafts: dict[str, RecordDraft]) -> RecordDraft:
    kind = KINDS_BY_PATH.get(path.parent.name)
    if kind is None:
        raise InvalidInput(f"{path.parent.name} is not a folder of records")
    if path.stem in drafts:
        raise InvalidInput("another record has this slug")
    detail = DETAILS.get(kind.code)
    fields = {*detail.checks, *detail.records} if detail else set()
    _refuse_unknown(content, _KNOWN | fields)
    return RecordDraft(
        key=path.stem,
        slug=path.stem,
        kind=kind.code,
        name=_text(content["name"]),
        aliases=dict(_alias(alias) for alias in content.get("aliases") or ()),
        identifiers=tuple(_identifiers(content.get("identifiers") or {})),
        detail={name: _plain(content[name]) for name in content if name in fields},
        statements=[*_statements(content), *_relied_on(path.stem, content)],
        parts=[(part, _part(part, fields)) for name, part in _PARTS.items() for fields in content.get(name) or ()],
    )


def _extra(path: Path, content: dict[str, Any], drafts: dict[str, RecordDraft]) -> None:
    """Statements about a record that stand in a file of their own."""
    _refuse_unknown(content, {"record", "statements"})
    record = drafts.get(_text(content["record"]))
    if record is None:
        raise InvalidInput(f"there is no record {content['record']}")
    record.statements += _statements(content)


def _refuse_unknown(content: dict[str, Any], known: set[str] | frozenset[str]) -> None:
    if unknown := sorted(set(content) - known):
        raise InvalidInput(f"{', '.join(unknown)}: no such field here")


def _alias(alias: Any) -> tuple[str, bool]:
    return (_text(alias["name"]), bool(alias.get("ambiguous"))) if isinstance(alias, dict) else (_text(alias), False)


def _identifiers(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for scheme, values in content.items():
        for value in values if isinstance(values, list) else [values]:
            yield scheme, _text(value)


def _statements(content: dict[str, Any]) -> list[Said]:
    return [_said(statement) for statement in content.get("statements") or ()]


def _said(content: dict[str, Any]) -> Said:
    _refuse_unknown(content, _STATEMENT_KEYS)
    return Said(
        predicate=content["predicate"],
        object=_text(content.get("object", "")),
        value=_value(content.get("value")),
        qualifier=content.get("qualifier", ""),
        unit=content.get("unit", ""),
        start=_text(content.get("start", "")),
        end=_text(content.get("end", "")),
        note=_text(content.get("note", "")),
        rank=content.get("rank", "normal"),
        evidence=tuple(_evidence(row) for row in content.get("evidence") or ()),
    )


def _evidence(content: dict[str, Any]) -> EvidenceSaid:
    _refuse_unknown(content, _EVIDENCE_KEYS)
    return EvidenceSaid(
        report=content["report"],
        kind=content["kind"],
        gist=_text(content["gist"]),
        stance=content.get("stance", "supports"),
        locator=_text(content.get("locator", "")),
        cited_in=content.get("cited_in", ""),
        said_by=content.get("said_by", ""),
        start=_text(content.get("date", "")),
        confidence=content.get("confidence", ""),
        confidence_reason=_text(content.get("confidence_reason", "")),
        last_checked=_day(content.get("checked")),
    )


def _relied_on(slug: str, content: dict[str, Any]) -> Iterator[Said]:
    """A report's own list of what it relies on, with itself as the evidence."""
    for report in content.get("relies_on") or ():
        gist = "Recorded on reading the report: it rests on this one."
        yield Said(predicate="relies_on", object=report, evidence=(EvidenceSaid(report=slug, kind="inference", gist=gist),))


def _part(part: str, content: dict[str, Any]) -> dict[str, object]:
    detail = PARTS[part]
    _refuse_unknown(content, {*detail.checks, *detail.records})
    return {name: _plain(value) for name, value in content.items()}


def _text(value: Any) -> str:
    return " ".join(str(value).split())


def _plain(value: Any) -> Any:
    """YAML reads dates as dates; the record keeps partial dates as text. A missing value is an empty text."""
    if value is None:
        return ""
    return _text(value) if isinstance(value, str | date | float) else value


def _value(value: Any) -> Any:
    return _text(value) if isinstance(value, str | date) else value


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    raise InvalidInput(f"{value} is not a day")
