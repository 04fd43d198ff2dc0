"""Who may propose which change, and that a refusal says so in words."""

import pytest

from kb.core.errors import InvalidInput
from kb.records import changes as do
from kb.review.open_changes import FOR_ALL, FOR_EDITORS, check_kind, check_open, is_open
from kb.review.terms import ACTS
from kb.review.wire import CHANGES, CODES


def test_every_change_has_a_name_in_words() -> None:
    assert set(ACTS) == set(CHANGES)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("editor", [True, False])
def test_a_refusal_names_the_change_in_words_and_no_class(change: type[do.Change], editor: bool) -> None:
    assert is_open(change, editor=editor) == (change in (FOR_EDITORS if editor else FOR_ALL))
    if is_open(change, editor=editor):
        check_kind(change, editor=editor)
        return
    with pytest.raises(InvalidInput) as refusal:
        check_kind(change, editor=editor)
    said = str(refusal.value)
    assert ACTS[CODES[change]] in said and change.__name__ not in said
    assert ("editors alone" in said) == (change in FOR_EDITORS)


def test_only_editors_withdraw_a_record() -> None:
    check_open([do.WithdrawRecord(record=1)], editor=True)
    with pytest.raises(InvalidInput, match="“Withdraw a record” can be proposed by editors alone"):
        check_open([do.WithdrawRecord(record=1)], editor=False)
