"""How gunicorn serves the site: address, workers, and the line that says where it is."""

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
