"""The ladder of roles: each step holds the ones below it, and nobody stands on it without an open account."""

import pytest
from django.contrib.auth.models import AnonymousUser

from kb.accounts.models import User
from kb.accounts.roles import ADMIN, READER, ROLES, has_role, is_sensitive

LADDER = list(ROLES)


@pytest.mark.parametrize("role", LADDER)
def test_a_role_holds_the_ones_below_it_and_none_above(role: str) -> None:
    held = [step for step in LADDER if has_role(User(role=role), step)]
    assert held == LADDER[: LADDER.index(role) + 1]


def test_nobody_and_closed_accounts_have_no_role() -> None:
    assert not has_role(AnonymousUser(), READER)
    assert not has_role(User(role=ADMIN, is_active=False), READER)


def test_a_word_that_is_no_role_is_an_error_not_a_no() -> None:
    with pytest.raises(KeyError):
        has_role(User(role=ADMIN), "superuser")


def test_from_reviewer_on_a_second_factor_is_needed() -> None:
    assert [step for step in LADDER if is_sensitive(step)] == ["reviewer", "editor", "admin"]
