"""Errors that a person can cause, each with one clear sentence.

Pages, the API and commands turn them into an answer of their own form; nothing else is caught.
"""

from collections.abc import Mapping


class UserError(Exception):
    """Something the caller can put right. The message is shown as it is."""

    status = 400


class InvalidInput(UserError):
    """A value that is malformed, out of range or contradicts another."""


class UnknownParameter(InvalidInput):
    """A query parameter that the address does not take."""


class NotFound(UserError):
    """What was asked for does not exist, or is not public: from outside both look the same."""

    status = 404


class Gone(UserError):
    """What was asked for was public and is withdrawn. `tombstone` says what is left to be known of it."""

    status = 410

    def __init__(self, message: str, tombstone: Mapping[str, str]) -> None:
        super().__init__(message)
        self.tombstone = dict(tombstone)


class Conflict(UserError):
    """The change does not fit what is on record now."""

    status = 409


class TooLarge(UserError):
    """More was sent than is read."""

    status = 413
