"""The filesystem broker with whole messages: a file appears under its name when it is complete, and one reader takes it.

kombu's own writes into the file that readers already see. A reader that comes between, or a writer that is killed there,
leaves half a message, and that ends the worker that reads it.
"""

import json
import time
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem


class Channel(filesystem.Channel):
    """Messages as files of one folder, named in the order in which they were sent."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]  # its parents disagree
        """Write a message aside and move it into its place."""
        whole = Path(self.data_folder_out) / f"{time.time_ns():020}_{uuid4().hex}.{queue}.msg"
        part = whole.with_suffix(".part")
        part.write_text(json.dumps(payload), encoding="utf-8")
        part.replace(whole)

    def _get(self, queue: str, timeout: Any = None) -> Any:
        """Take the oldest message. Of several readers one can move it away. Raises Empty."""
        for path in sorted(Path(self.data_folder_in).glob(f"*.{queue}.msg")):
            try:
                taken = path.rename(path.with_suffix(".taken"))
                text = taken.read_text(encoding="utf-8")
                taken.unlink()
            except FileNotFoundError:
                continue
            return json.loads(text)
        raise Empty

    def _queue_bind(self, *_: Any) -> None:
        """Keep no table of bindings, which a kill could tear: messages are sent to the queue itself."""


class Transport(filesystem.Transport):
    """The transport that celery is told to use for filesystem://."""

    Channel = Channel
    default_connection_params: dict[str, Any] = {}  # a folder has no host
