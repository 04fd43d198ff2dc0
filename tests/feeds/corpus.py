"""The shared corpus of feeds: hostile documents, real ones, and what plain feedparser makes of these."""

import json
from pathlib import Path
from typing import Any

import pytest

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "feeds"
ATTACKS = CORPUS / "attacks"
OPEN = CORPUS / "open"
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="needs the shared corpus of feeds beside the project")


def attacks() -> dict[str, Any]:
    """What is safe for each hostile document."""
    return json.loads((ATTACKS / "EXPECT.json").read_text())["cases"] if ATTACKS.exists() else {}


def documents() -> list[dict[str, Any]]:
    """The rows of the manifest of open feeds."""
    rows = json.loads((OPEN / "MANIFEST.json").read_text())["files"] if OPEN.exists() else []
    return [row for row in rows if (OPEN / row["file"]).exists()]  # some are kept back
