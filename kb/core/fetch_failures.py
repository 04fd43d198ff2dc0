"""How fetching can fail: each way with the sentence that a person reads, and the limits that the sentences name. Pure.

When one of them is met is the business of `fetch.py`. The words of others are never repeated.
"""

import ssl
from collections.abc import Iterator, Mapping

SECONDS = 20.0
BYTES = 15_000_000
MOST_HOPS = 5
# Servers send some thirty headers; what they read themselves ends at about a hundred.
MOST_HEADERS = 200
HEADER_BYTES = 64_000
_HEADERS_TOO_LARGE = 431  # how the parser of HTTP says so

FAILURES: Mapping[str, str] = {
    "bad_url": "This is not an address of a web page.",
    "refused_address": "This address leads into a private network or to an unusual port, and is not asked.",
    "unresolved": "The host of this address is not known.",
    "slow_lookup": f"The host of this address could not be looked up within {SECONDS:.0f} seconds.",
    "timeout": f"The server did not answer whole within {SECONDS:.0f} seconds.",
    "too_large": f"What the server sends is larger than {BYTES // 1_000_000} MB.",
    "headers": f"The answer has more than {MOST_HEADERS} headers, or more than {HEADER_BYTES // 1_000} kB of them.",
    "too_many_redirects": f"The address leads on more than {MOST_HOPS} times.",
    "host_busy": "The address leads on to a host that other polls were busy with for too long, or that wants no polls for now.",
    "downgraded": "A secure address leads on to an insecure one, which is not followed.",
    "tls": "The server's certificate is not valid for this host.",
    "tls_refused": "The server refused the secure connection (a TLS alert).",
    "tls_failed": "No secure connection could be made with the server: what it speaks is no TLS that is understood.",
    "packing": "What the server sends is cut off, or not packed in the way that it says.",
    "broken": "The connection broke, or the answer was no valid HTTP.",
}


class FetchFailed(Exception):
    """Nothing usable came. `code` is one of FAILURES; the text is its sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(FAILURES[code])
        self.code = code


def code_of(error: BaseException) -> str:
    """Return what an error of the connection is: one of TLS or of the headers where such stands behind it, else `broken`."""
    codes = (_code(one) for one in _behind(error))
    return next((code for code in codes if code), "broken")


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and those that it was made of."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _code(error: BaseException) -> str:
    if getattr(error, "error_status_hint", 0) == _HEADERS_TOO_LARGE:
        return "headers"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "tls"
    if not isinstance(error, ssl.SSLError) or isinstance(error, ssl.SSLZeroReturnError | ssl.SSLEOFError):
        return ""
    return "tls_refused" if "ALERT" in (error.reason or "") else "tls_failed"
