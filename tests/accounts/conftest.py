"""What tests of accounts share."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """The real hasher is slow on purpose; the tests check rules, not its slowness."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def codes_outlive_a_test(settings: Any) -> None:
    """A code may change between reading and sending it: accept the one before as well."""
    settings.MFA_TOTP_TOLERANCE = 1
