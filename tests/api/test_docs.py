"""The guide for people: every address, in a page that needs no script and asks nobody else."""

import re

from django.conf import settings
from django.test import Client

from kb.api.schema import description


def test_the_page_shows_every_address_and_parameter(db: None, api: Client) -> None:
    page = api.get("/api/docs/").content.decode()
    for path, methods in description()["paths"].items():
        for method, one in methods.items():
            assert f"{method.upper()} {path}</code></h3>" in page
            for parameter in one.get("parameters", ()):
                assert f">{parameter['name']}<" in page or parameter["in"] == "path"


def test_the_page_needs_no_script_no_inline_style_and_nobody_else(db: None, api: Client) -> None:
    page = api.get("/api/docs/").content.decode()
    assert "<script" not in page
    assert " style=" not in page
    assert not re.search(r'(?:src|<link[^>]+href)="(?:https?:)?//', page)
    assert page.count("<h1") == 1


def test_the_guide_names_every_address() -> None:
    guide = (settings.BASE_DIR / "docs" / "api.md").read_text()
    missing = [path for path in description()["paths"] if path.rstrip("/") not in guide]
    assert not missing, missing
