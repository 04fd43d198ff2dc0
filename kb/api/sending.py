"""Addresses that take something: who may send, how much, and JSON that is read strictly and screened before it is used.

What is sent and what becomes of it is said by the endpoints and by `kb.review`.
"""

import json
import string
from collections.abc import Mapping
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.utils.crypto import salted_hmac
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request

from kb.accounts.models import User
from kb.api.authentication import TokenAuthentication
from kb.api.resource import Resource
from kb.api.throttles import WRITES
from kb.core.errors import InvalidInput, TooLarge
from kb.review.screen import screen

MOST_BYTES = 1024 * 1024
_KEY_LENGTHS = range(16, 201)
_OF_KEYS = frozenset(string.ascii_letters + string.digits + string.punctuation)


class Sending(Resource):
    """The base of every address that takes something. Its answers are for the sender alone, and kept by nobody."""

    authentication_classes = [TokenAuthentication]
    throttle_classes = WRITES
    lasting = False
    open_to_all = False

    @property
    def sender(self) -> User | None:
        """Who sends, by token, or None."""
        user = self.request.user
        return user if isinstance(user, User) else None


def read_body(request: Request, fields: frozenset[str], *, may_be_empty: bool = False) -> dict[str, Any]:
    """Return the JSON object that was sent. Raises UnsupportedMediaType, TooLarge, Refused, or InvalidInput for other fields.

    Every text in it, names of fields too, has passed the guard's plain rules, so sentences may quote from it.
    """
    raw = _raw(request)
    if may_be_empty and not raw:
        return {}
    if (request.content_type or "").partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType("", detail="Send JSON, with “Content-Type: application/json”.")
    data = _parsed(raw)
    if not isinstance(data, dict):
        raise InvalidInput("Send one JSON object.")
    screen(data, hazard=False)
    if unknown := sorted(set(data) - fields):
        raise InvalidInput(f"There is no field “{unknown[0][:40]}”. Fields are: {', '.join(sorted(fields))}.")
    return data


def _raw(request: Request) -> bytes:
    try:
        body: bytes = request._request.body
    except RequestDataTooBig:
        body = b" " * (MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise TooLarge("At most 1 MB is read.")
    return body


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode(), parse_constant=_no_number, object_pairs_hook=_once_each)
    except RecursionError:
        raise InvalidInput("This nests too deep.") from None
    except ValueError:  # broken JSON, broken UTF-8, and numbers with thousands of digits
        raise InvalidInput("This is not JSON.") from None


def _no_number(text: str) -> NoReturn:
    raise InvalidInput(f"{text} is no number in JSON.")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise InvalidInput("A field stands twice in one object.")
    return found


def text_in(data: Mapping[str, Any], name: str) -> str:
    """Return a text, empty where it was not sent. Raises InvalidInput for anything else."""
    value = data.get(name, "")
    if not isinstance(value, str):
        raise InvalidInput(f"{name} is a text.")
    return value


def flag_in(data: Mapping[str, Any], name: str) -> bool:
    """Return true or false, false where it was not sent. Raises InvalidInput for anything else."""
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise InvalidInput(f"{name} is true or false.")
    return value


def number_in(data: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number, None where it was not sent. Raises InvalidInput for anything else."""
    value = data.get(name)
    if value is not None and type(value) is not int:
        raise InvalidInput(f"{name} is a whole number.")
    return value


def sent_once(request: Request, user: User | None, body: object) -> tuple[str, str]:
    """Return what a request is known again by: digests of its sender and Idempotency-Key, and of what was sent.

    Both are empty without that header. Raises InvalidInput for a key that somebody else might choose as well.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return "", ""
    if len(key) not in _KEY_LENGTHS or not set(key) <= _OF_KEYS:
        raise InvalidInput("An Idempotency-Key is 16 to 200 letters, digits or signs, such as a UUID.")
    return _digest("sender", f"{user.pk if user else 'nobody'}:{key}"), _digest("body", json.dumps(body, sort_keys=True))


def _digest(what: str, text: str) -> str:
    return salted_hmac(f"kb.api.sending.{what}", text, algorithm="sha256").hexdigest()
