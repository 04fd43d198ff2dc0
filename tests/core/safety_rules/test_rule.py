"""No clue is left untried on a text that it is true of: what clues say they need, each of their matches holds."""

import re
from ipaddress import AddressValueError, IPv6Address

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.core.safety import CHARACTER_RULES, RULES
from kb.core.safety_rules.digests import BASE64, _is_base64
from kb.core.safety_rules.rule import Clue, Need, Run, Trait, need
from kb.core.safety_rules.sieve import Sieve
from kb.core.safety_rules.traits import COLONS, DIGITS, DOTTED, FOREIGN_DIGIT, HEX_GROUPS_34, LONE_T
from tests.core.safety_rules.proof import GAP, proves

CLUES = [one for rule in RULES for one in rule.clues]
# What is known of these only together with the judge of their matches: see the tests of their own.
ARGUED = (need(COLONS), need(DOTTED), need(HEX_GROUPS_34), need(DIGITS, "="))
PROMISES = [(one.pattern, each) for one in CLUES for each in one.needs if each not in ARGUED]
# Look-arounds only take matches away, so that what is generated without them is more than enough.
_LOOK_AROUND = re.compile(r"\(\?<?[=!](?:\\.|\[(?:\\.|[^\]\\])*\]|[^()\\\[])*\)")


@pytest.mark.parametrize(("pattern", "promised"), PROMISES)
def test_every_match_of_a_clue_holds_what_the_clue_needs(pattern: str, promised: Need) -> None:
    assert proves(pattern, promised)


def test_every_clue_has_a_pattern_to_prove_its_needs_by_and_needs_something() -> None:
    assert all(one.pattern and one.needs for one in CLUES)


def test_needed_literals_are_small_ascii() -> None:
    literals = {atom for one in CLUES for each in one.needs for atom in each if isinstance(atom, str)}
    assert all(atom and atom.isascii() and atom == atom.lower() for atom in literals)


def test_a_proof_fails_where_a_match_can_do_without() -> None:
    assert not proves("ab?c", need("b"))
    assert not proves("(?:ab|c)", need("ab"))
    assert not proves(r"img\d", need("img0, img1"))
    assert not proves(r"a[\w-]{1,20}b", need("a-b"))
    assert not proves("[0-9a-f]{7}", need(Run("0123456789abcdef", 8)))
    assert not proves("[0-9a-g]{8}", need(Run("0123456789abcdef", 8)))
    assert not proves("ht{1,3}p", need("htp, http"))


def test_a_proof_holds_where_no_match_can_do_without() -> None:
    assert proves("a(?:b|c)?d", need("ad, abd, acd"))
    assert proves("A[bB]", need("ab"))
    assert proves(r"x\d", need("x0, x1, x2, x3, x4, x5, x6, x7, x8, x9", FOREIGN_DIGIT))
    assert proves("[0-9][0-9a-f]{7,}", need(Run("0123456789abcdef", 8)))


def broken_without_sieve(text: str) -> set[str]:
    lower = text.lower()
    return {rule.code for rule in RULES if any(one.test(text if one.cased else lower) for one in rule.clues)}


def broken_with_sieve(text: str) -> set[str]:
    return {rule.code for rule, sieve in SIEVES if sieve.first_broken([text], [], hazard=True)}


SIEVES = [(rule, Sieve((rule,))) for rule in RULES]


@pytest.mark.parametrize("one", CLUES, ids=lambda one: one.pattern[:40])
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_generated_match_is_never_sieved_out(one: Clue, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(_without_look_arounds(one.pattern)))
    assert broken_with_sieve(text) == broken_without_sieve(text)


def _without_look_arounds(pattern: str) -> str:
    while (shorter := _LOOK_AROUND.sub("", pattern)) != pattern:
        pattern = shorter
    return pattern


# --- Needs that follow from the judge of a match -----------------------------------------------------------------------


@given(st.ip_addresses(v=6), st.booleans())
def test_every_ipv6_address_has_two_colons_in_a_row_or_seven(address: IPv6Address, exploded: bool) -> None:
    text = address.exploded if exploded else str(address)
    assert COLONS.held_by(text, text.encode())


@given(st.text("0123456789abcdef:", max_size=45))
def test_what_has_neither_is_no_ipv6_address(text: str) -> None:
    if not COLONS.held_by(text, text.encode()):
        with pytest.raises(AddressValueError):
            IPv6Address(text)


@given(st.text("0123456789abcdef", min_size=32, max_size=70), st.data())
def test_a_digest_in_groups_is_a_run_of_at_least_34_signs(digits: str, data: st.DataObject) -> None:
    cuts = data.draw(st.sets(st.integers(1, len(digits) - 1), min_size=2))
    gaps = st.sampled_from([":", " ", ".", "_", ",", "-", ": ", ", ", "--"])
    text = "".join(f"{data.draw(gaps)}{digit}" if place in cuts else digit for place, digit in enumerate(digits))
    assert len(text) >= HEX_GROUPS_34.least
    assert set(text) <= set(HEX_GROUPS_34.members)


@given(st.from_regex(r"\A\d{1,3}(?:(?: \. |\.)\d{1,3}){3}\Z"), st.text(), st.text())
def test_every_ipv4_address_has_a_number_between_two_of_three_dots(address: str, before: str, after: str) -> None:
    text = f"{before}{address}{after}"
    assert DOTTED.held_by(text, text.encode("utf-8", "surrogatepass"))


@given(st.text("abcXYZ+/_-", min_size=22, max_size=130))
def test_what_has_neither_a_digit_nor_a_pad_is_no_base64(text: str) -> None:
    base64 = next(one for one in BASE64 if one.pattern.endswith("={0,2}"))
    assert not base64.test(text)


@given(st.lists(st.text("aB3+/_-=", max_size=40), max_size=5))
def test_base64_is_found_in_long_words_as_in_the_whole_text(words: list[str]) -> None:
    text = " ".join(words)
    base64 = next(one for one in BASE64 if one.pattern.endswith("={0,2}"))
    assert base64.test(text) == any(map(_is_base64, re.finditer(base64.pattern, text)))


# --- Rules of characters -----------------------------------------------------------------------------------------------


def test_no_character_that_is_printed_breaks_a_rule_of_characters() -> None:
    harmless = "".join(sign for sign in map(chr, range(0x110000)) if sign.isprintable() or sign in "\n\t")
    assert not any(one.test(harmless) for rule in CHARACTER_RULES for one in rule.clues)


# --- Traits ------------------------------------------------------------------------------------------------------------


@given(st.text())
def test_a_digit_is_one_of_ten_or_a_digit_of_another_script(text: str) -> None:
    held = any(digit in text for digit in "0123456789") or FOREIGN_DIGIT.held_by(text, text.encode())
    assert held == any(map(str.isdecimal, text))


@given(st.text(), st.text(), st.from_regex(r"\A[\W_]\Z"), st.from_regex(r"\A[\W_]\Z"))
def test_a_t_between_signs_that_are_no_letters_is_alone(before: str, after: str, left: str, right: str) -> None:
    text = f"{before}{left}t{right}{after}"
    assert LONE_T.held_by(text, text.encode("utf-8", "surrogatepass"))


def test_a_gap_is_no_sign_that_a_clue_needs() -> None:
    assert not any(GAP in atom for one in CLUES for each in one.needs for atom in each if not isinstance(atom, Run | Trait))
