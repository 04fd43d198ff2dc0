"""What a log keeps of requests that a client got wrong: that there was one, in a line.

Faults of our own keep their trace. Which level is logged, and where to, is said in `kb/settings.py`.
"""

import logging

_OF_REQUESTS = ("django.request", "django.security")


class WithoutTrace(logging.Filter):
    """Takes the trace off what Django logs of an answer below 500: it says nothing of a fault, and errors quote requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, some without their trace."""
        if record.name.startswith(_OF_REQUESTS) and getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True
