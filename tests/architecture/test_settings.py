"""What an installation can set is what docs/settings.md says it can set."""

import re
from pathlib import Path

from django.conf import settings

BASE = Path(settings.BASE_DIR)
READ = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', (BASE / "kb" / "settings.py").read_text()))
DOCUMENTED = re.findall(r"^\| `([A-Z_]+)` \|", (BASE / "docs" / "settings.md").read_text(), re.MULTILINE)


def test_every_variable_that_is_read_is_documented_once() -> None:
    assert "KB_VAR" in READ
    assert sorted(READ) == sorted(DOCUMENTED)


def test_no_module_but_the_settings_reads_the_environment() -> None:
    readers = [
        str(path.relative_to(BASE))
        for path in (BASE / "kb").rglob("*.py")
        if re.search(r"os\.environ(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")|getenv|environs", path.read_text())
    ]
    assert readers == ["kb/settings.py"]
