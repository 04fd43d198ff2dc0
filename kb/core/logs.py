"""What a log keeps of requests: no secret that stands in an address, and of those that a client got wrong a line.

Faults of our own keep their trace. Which level is logged, and where to, is said in `kb/settings.py`.
"""

import logging
import re

# Addresses that are keys themselves: whoever reads one may read a finding, set a password or confirm an address.
_SECRETS = re.compile(r"(/finding/|/account/password/reset/key/|/account/confirm-email/)[^/\s]+")
# Answers that a fault of ours led to. Of a database that is busy (503) kb/core/busy.py tells.
_TRACED = frozenset(range(500, 600)) - {503}
_OF_REQUESTS = ("django.request", "django.security")


class WithoutTrace(logging.Filter):
    """Takes secrets out of addresses, and the trace off what Django logs of an answer below 500, or of a busy database.

    Such a trace says nothing of a fault, and errors quote requests.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, some without their trace."""
        if record.name.startswith(_OF_REQUESTS):
            record.msg, record.args = _SECRETS.sub(r"\1…", record.getMessage()), ()
        if record.name.startswith(_OF_REQUESTS) and getattr(record, "status_code", 500) not in _TRACED:
            record.exc_info = record.exc_text = None
        return True
