"""Every error that a person can cause has a status of its own kind and shows its sentence."""

import pytest

from kb.core.errors import Conflict, InvalidInput, NotFound, UnknownParameter, UserError


@pytest.mark.parametrize(("error", "status"), [(InvalidInput, 400), (UnknownParameter, 400), (NotFound, 404), (Conflict, 409)])
def test_an_error_is_one_of_the_caller_and_says_what_to_do(error: type[UserError], status: int) -> None:
    raised = error("Put it right.")
    assert isinstance(raised, UserError)
    assert (raised.status, str(raised)) == (status, "Put it right.")
