"""How gunicorn serves the site: address, workers, and the line that says where it is."""

import gc
from typing import Any

from kb import settings

bind = f"127.0.0.1:{settings.PORT}"
workers = settings.WEB_WORKERS
threads = 4
timeout = 60
graceful_timeout = 10
accesslog = None
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Print the address once requests are answered."""
    print(f"Upstream is at http://{bind}/  (Ctrl-C stops it)", flush=True)  # noqa: T201


def post_worker_init(worker: Any) -> None:
    """Leave what is loaded out of garbage collection: a big page spends up to a third of its time there otherwise."""
    gc.freeze()
