"""The layers of the house stand, and every module says what it is for."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

BASE = Path(settings.BASE_DIR)
MODULES = sorted(path for path in (BASE / "kb").rglob("*.py") if "migrations" not in path.parts)
LONGEST = 300


def named(path: Path) -> str:
    return str(path.relative_to(BASE))


def contracts(folder: Path) -> str:
    """What the contracts say of the imports below a folder, each broken one as `module -> module`."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == ("0 broken" in done.stdout), done.stdout + done.stderr
    return done.stdout


def test_no_module_imports_what_lies_above_or_beside_it() -> None:
    found = contracts(BASE)
    assert "0 broken" in found, found


def test_the_core_and_the_modules_at_the_root_are_held_to_the_layers_too(tmp_path: Path) -> None:
    shutil.copytree(BASE / "kb", tmp_path / "kb", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(BASE / "pyproject.toml", tmp_path)
    broken = {
        "core/ids.py": "kb.review", "core/clock.py": "kb.settings", "core/dates.py": "httpx", "wsgi.py": "nh3",
        "records/changes.py": "kb.urls", "feeds/words.py": "rest_framework", "web.py": "drf_spectacular",
    }  # fmt: skip
    for path, imported in broken.items():
        with (tmp_path / "kb" / path).open("a") as module:
            module.write(f"\nimport {imported}\n")
    found = contracts(tmp_path)
    for path, imported in broken.items():
        assert f"kb.{path.removesuffix('.py').replace('/', '.')} -> {imported} " in found, f"{path}\n{found}"
    (tmp_path / "kb" / "forgotten.py").touch()
    assert "forgotten" in contracts(tmp_path)


@pytest.mark.django_db
def test_the_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("path", [path for path in MODULES if path.read_text().strip()], ids=named)
def test_a_module_begins_with_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    lengths = {named(path): len(path.read_text().splitlines()) for path in MODULES}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}


def test_imports_stand_at_the_top_except_where_apps_get_ready() -> None:
    hidden = []
    for path in MODULES:
        functions = (
            node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        )
        if path.name != "apps.py":
            hidden += [
                f"{named(path)}: {function.name}"
                for function in functions
                if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
            ]
    assert hidden == []
