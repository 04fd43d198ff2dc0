"""The database of a benchmark: a file under KB_VAR, or what BENCH_DATABASE_URL names. Import it before anything of Django."""

import os
from pathlib import Path

PATH = Path(os.environ.setdefault("KB_VAR", "/tmp/bench-load")) / "bench-load.sqlite3"
PATH.parent.mkdir(parents=True, exist_ok=True)
os.environ["DATABASE_URL"] = os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{PATH}")


def forget() -> None:
    """Remove the file, so that it is made anew; a database of a server must be made empty by who names it."""
    if "BENCH_DATABASE_URL" not in os.environ:
        for path in PATH.parent.glob(f"{PATH.name}*"):
            path.unlink()
