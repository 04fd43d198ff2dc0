"""What every benchmark stands on: Django, a folder under KB_VAR, a clock and the machine in words."""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path


def django() -> None:
    """Make the project's registries importable."""
    import django  # noqa: PLC0415 - settings come from the environment, which a benchmark sets first

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    os.environ.setdefault("KB_LOG_LEVEL", "WARNING")
    django.setup()


def folder() -> Path:
    """Where graphs and results are kept."""
    from django.conf import settings  # noqa: PLC0415 - as above

    path = Path(settings.VAR_DIR) / "bench"
    path.mkdir(parents=True, exist_ok=True)
    return path


def median_ms(act: Callable[[], object], times: int = 5) -> float:
    """Median of several runs, in milliseconds, after one that warms up."""
    act()
    return statistics.median(once_ms(act) for _ in range(times))


def once_ms(act: Callable[[], object]) -> float:
    """One run, in milliseconds."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def memory_mb(peak: bool = True) -> float:
    """Resident memory of this process in MB: its peak, or now."""
    label = "VmHWM:" if peak else "VmRSS:"
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(label):
            return int(line.split()[1]) / 1024
    return 0.0


def machine() -> str:
    """The machine in words."""
    return f"{os.cpu_count()} cores"
