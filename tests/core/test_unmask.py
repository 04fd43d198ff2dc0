"""A text is unmasked sign by sign where that is fast, and comes out as the plain way of doing it would have it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.core import unmask
from tests.core.hostile_texts import disguised

# Signs that fold, decompose, vanish or move, and letters between them.
SIGNS = (
    "ab. '\u2019\u201c\u00e9\u00a0\u200b\u0301\u0323\u0430\uff48\u3002\ufdfa"
    "\uac00\u1160\u3164\u302e\u302f\U0001d165\U0001d16d\U000e0061\U0001f170\u0663"
)
MIXED = st.text(SIGNS) | st.text()


def plain_at_once(text: str) -> str:
    """The text in compatibility form as a whole, marks taken away before and after, and then folded."""
    seen = "".join(filter(unmask._is_visible, text))
    return "".join(filter(unmask._is_visible, unicodedata.normalize("NFKD", seen))).translate(unmask._FOLD)


@given(MIXED)
def test_signs_are_spelled_as_in_the_whole_text(text: str) -> None:
    assert unmask._plain_signs(text) == plain_at_once(text)


def test_every_sign_is_spelled_as_in_a_text_of_its_own() -> None:
    for sign in map(chr, [*range(0x80, 0xD800), *range(0xE000, 0x30000), *range(0xE0000, 0xE0200)]):
        assert unmask._plain_signs(sign) == plain_at_once(sign)


def test_what_folds_is_beyond_ascii_and_what_it_folds_to_is_not() -> None:
    assert all(code > 0x7F and (spelled is None or spelled.isascii()) for code, spelled in unmask._FOLD.items())


def test_what_is_printed_has_no_blank_but_one() -> None:
    assert [sign for sign in map(chr, range(0x110000)) if sign.isprintable() and sign.isspace()] == [" "]


@given(st.text() | st.text("ab \t\n\u00a0\u2028\x1c&%"))
def test_blanks_are_folded_as_words_are_split(text: str) -> None:
    assert unmask._folded(text) == " ".join(text.split())


@given(MIXED | st.text("ab &%\\.\n"))
def test_a_text_with_nothing_to_decode_is_settled_as_any_other(text: str) -> None:
    seen = unmask.views(text)
    assert (seen.plain, seen.settled) == unmask._settle(text)


# --- Spoken signs ------------------------------------------------------------------------------------------------------

SPOKEN = st.lists(
    st.sampled_from(
        [
            "a",
            "b ",
            " ",
            ".",
            "/",
            "[",
            "]",
            "(",
            ")",
            "dot",
            " d0t ",
            "DOT",
            "punkt",
            "com",
            " slash ",
            "\u017fla\u017fh",
            "\u212a",
        ]
        + ["colon", " / ", ":", "a b c d", "\u00e9 ", "\u4e2d", " \u4e2d \u56fd \u4e00"]
    ),
    max_size=12,
).map("".join)


def spoken_at_once(text: str) -> str:
    text = unmask._BRACKETED_SIGN.sub(lambda match: unmask._SIGN_NAMES.get(match[1].lower(), match[1]), text)
    return unmask._SPOKEN_COLON.sub(":", unmask._SPOKEN_SLASH.sub("/", unmask._SPOKEN_DOT.sub(".", text)))


@given(SPOKEN | st.text())
def test_no_spoken_sign_is_passed_over(text: str) -> None:
    assert unmask._spoken(text) == spoken_at_once(text)


@given(SPOKEN | st.text())
def test_no_row_of_single_signs_is_passed_over(text: str) -> None:
    text = " ".join(text.split())
    assert unmask._joined(text) == unmask._SINGLE_SIGNS.sub(lambda match: match[0].replace(" ", ""), text)


@pytest.mark.parametrize(("disguise", "plain", "text"), disguised())
def test_the_views_that_are_read_hold_every_view_once(disguise: str, plain: str, text: str) -> None:
    seen = unmask.views(text)
    assert set(seen.everywhere) == {seen.folded, seen.plain}
    assert {*seen.everywhere, *seen.deeper} == {seen.folded, seen.plain, seen.spoken, seen.joined}
    assert len({*seen.everywhere, *seen.deeper}) == len(seen.everywhere) + len(seen.deeper)
