"""How rows become payloads and payloads become digests. Pure functions over bytes and models' fields."""

import hashlib
import json
import secrets
from typing import Any

from django.db import models

LEDGER_COLUMNS = frozenset({"version", "sequence", "edition"})


def canonical(value: object) -> str:
    """Write a value as canonical JSON: sorted keys, no spaces, non-ASCII as it is."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def row_body(row: models.Model) -> str:
    """Return the canonical payload of a row: every column of its own but the ledger's."""
    columns: dict[str, Any] = {
        field.attname: plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname not in LEDGER_COLUMNS
    }
    return canonical(columns)


def plain(value: Any) -> Any:
    """Return a column's value as payloads write it."""
    return value if value is None or isinstance(value, bool | int | str | list | dict) else str(value)


def new_salt() -> str:
    """Return 128 random bits, so that a purged payload cannot be guessed from its digest."""
    return secrets.token_hex(16)


def payload_digest(salt: str, body: str) -> str:
    """Return the SHA-256 of a salted payload."""
    return hashlib.sha256(f"{salt}\n{body}".encode()).hexdigest()


def link(previous: str, sequence: int, edition: int, table: str, row_id: int, version: int, action: str, payload: str) -> str:
    """Return the digest of one link over the one before it."""
    parts = (previous, str(sequence), str(edition), table, str(row_id), str(version), action, payload)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
