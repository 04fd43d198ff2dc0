"""Kinds of work that last for one test, and hints that are written down instead of sent."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kb.jobs import hints
from kb.jobs.registry import WORK, Handler, work

Declare = Callable[..., None]


@pytest.fixture
def declare() -> Iterator[Declare]:
    """Declare a kind of work until the test ends."""
    made: list[str] = []

    def declared(kind: str, handler: Handler, **options: Any) -> None:
        work(kind, **options)(handler)
        made.append(kind)

    yield declared
    for kind in made:
        del WORK[kind]


@pytest.fixture(autouse=True)
def hinted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the jobs that workers were told of."""
    told: list[int] = []
    monkeypatch.setattr(hints._Line, "paused_until", 0.0)
    monkeypatch.setattr(hints.current_app, "send_task", lambda _name, args, **_options: told.append(args[0]))
    return told
