"""The project's own work on feeds, given up later and missed sooner."""

from dataclasses import replace
from datetime import timedelta

from kb.jobs.registry import WORK

LEASE = timedelta(seconds=1.5)
ATTEMPTS = 60

WORK.update(
    {kind: replace(done_by, attempts=ATTEMPTS, lease=LEASE) for kind, done_by in WORK.items() if kind.startswith("feeds.")}
)
