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


class Clock:
    """What time is taken by: the wall's, or on a machine that is busy with other things this process's own."""

    now: Callable[[], float] = staticmethod(time.perf_counter)

    @classmethod
    def of_this_process(cls) -> None:
        """Count only the time that this process has the processor."""
        cls.now = staticmethod(time.process_time)


def once_ms(act: Callable[[], object]) -> float:
    """One run, in milliseconds."""
    began = Clock.now()
    act()
    return (Clock.now() - began) * 1000


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
