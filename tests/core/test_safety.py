"""The guard refuses every lead to unlawful material, in every disguise, and lets ordinary sentences pass."""

import pickle
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.core import safety, unmask
from kb.core.safety import (
    CHARACTER_RULES,
    DROPPED_FIELDS,
    GUARD_VERSION,
    MAX_BYTES,
    REPORTING_ADVICE,
    REPORTING_CONTACTS,
    RULES,
    UnsafeText,
    check_characters,
    check_text,
    check_texts,
    drop_fields,
    find_rule,
)
from kb.core.safety_rules.rule import Clue, Rule
from kb.core.safety_rules.sieve import Sieve
from tests.core.hostile_texts import HOSTILE, HOSTILE_IN_HAZARD, disguised
from tests.core.legitimate_texts import LEGITIMATE, LEGITIMATE_IN_HAZARD

SENTENCE = (
    "The audit, which was published in December 2023 and revised in the following spring, says that the finding concerned {} "
    "among a large number of other entries; the authors ask for a review of the whole collection."
)
HOSTILE_CASES = [(code, text) for code, texts in HOSTILE.items() for text in texts]
HAZARD_CASES = [(code, text) for code, texts in HOSTILE_IN_HAZARD.items() for text in texts]
ALL_RULES = (safety.OVERSIZED, safety.NESTED_ENCODING, *CHARACTER_RULES, *RULES)

# Characters and pieces of which addresses, escapes and ids are made: noise that comes near to every rule.
PIECES = st.sampled_from(
    [
        *"aZ9 ./:%&#;\\\"'()[]{}<>-_=?@,\n\t",
        *("%25", "&amp;", "\\x5c", "://", "http", " dot ", "slash ", "row ", "caption ", "aged ", "threshold ", "0.9 ", "192."),
        *("\u200b", "\u0440", "\u3002", "\ufdfa", "\u0301", "\U000e0061", "deadbeef", "site like ", "from "),
    ]
)
NOISE = st.lists(PIECES | st.characters(), max_size=80).map("".join)


@pytest.mark.parametrize(("code", "text"), HOSTILE_CASES)
def test_a_hostile_text_is_refused_by_its_own_rule(code: str, text: str) -> None:
    assert find_rule(text) == code


@pytest.mark.parametrize(("code", "text"), HAZARD_CASES)
def test_a_text_of_a_hazard_issue_is_held_to_stricter_rules(code: str, text: str) -> None:
    assert find_rule(text, hazard=True) == code


@pytest.mark.parametrize(("code", "text"), HAZARD_CASES)
def test_the_stricter_rules_leave_other_texts_alone(code: str, text: str) -> None:
    assert find_rule(text) is None


@pytest.mark.parametrize(("code", "text"), [*HOSTILE_CASES, *HAZARD_CASES])
def test_a_hostile_text_is_refused_inside_a_long_sentence(code: str, text: str) -> None:
    assert find_rule(SENTENCE.format(text), hazard=True) is not None


@pytest.mark.parametrize(("code", "text"), HOSTILE_CASES)
def test_a_hostile_text_is_refused_inside_a_sentence_of_any_issue(code: str, text: str) -> None:
    assert find_rule(SENTENCE.format(text)) is not None


@pytest.mark.parametrize(("disguise", "plain", "text"), disguised())
def test_a_disguise_does_not_help(disguise: str, plain: str, text: str) -> None:
    assert find_rule(text) is not None
    assert find_rule(SENTENCE.format(text)) is not None


@pytest.mark.parametrize("text", LEGITIMATE)
def test_an_ordinary_text_passes(text: str) -> None:
    assert find_rule(text) is None
    assert find_rule(SENTENCE.format(text)) is None


@pytest.mark.parametrize("text", LEGITIMATE_IN_HAZARD)
def test_an_ordinary_text_about_a_hazard_passes(text: str) -> None:
    assert find_rule(text, hazard=True) is None
    assert find_rule(SENTENCE.format(text), hazard=True) is None


def test_the_collections_are_as_large_as_they_have_to_be() -> None:
    assert len(HOSTILE_CASES) + len(HAZARD_CASES) + len(disguised()) >= 300
    assert len(set(LEGITIMATE)) >= 150


def test_every_rule_has_a_hostile_text_of_its_own() -> None:
    codes = {rule.code for rule in ALL_RULES} - {"oversized"}
    assert codes == HOSTILE.keys() | HOSTILE_IN_HAZARD.keys()


def test_codes_of_rules_are_unique_and_labels_read_as_words() -> None:
    assert len({rule.code for rule in ALL_RULES}) == len(ALL_RULES)
    assert all(rule.label and "_" not in rule.label for rule in ALL_RULES)


@pytest.mark.parametrize(("code", "text"), [*HOSTILE_CASES, *HAZARD_CASES])
def test_the_refusal_names_the_rule_and_never_the_text(code: str, text: str) -> None:
    with pytest.raises(UnsafeText) as refusal:
        check_text(text, hazard=True)
    labels = {rule.code: rule.label for rule in ALL_RULES}
    assert labels[refusal.value.rule] in str(refusal.value)
    for shown in (str(refusal.value), repr(refusal.value), repr(refusal.value.args)):
        assert text not in shown
    assert refusal.value.__cause__ is None
    assert refusal.value.__context__ is None


def test_a_refusal_survives_the_way_to_another_process() -> None:
    refusal = pickle.loads(pickle.dumps(UnsafeText("web_address", "a web address")))
    assert (refusal.rule, str(refusal)) == ("web_address", "This text was discarded and not stored: it holds a web address.")


# --- Size and characters -------------------------------------------------------------------------------------------


def test_a_text_of_exactly_100_kb_is_read() -> None:
    assert find_rule("a " * (MAX_BYTES // 2)) is None


@pytest.mark.parametrize("text", ["a" * (MAX_BYTES + 1), "\u00e4" * (MAX_BYTES // 2 + 1), "\ud800" * MAX_BYTES])
def test_a_text_of_more_than_100_kb_is_refused(text: str) -> None:
    assert find_rule(text) == "oversized"


def test_an_oversized_text_is_refused_before_any_pattern_reads_it() -> None:
    with patch.object(safety, "views", side_effect=AssertionError), patch.object(safety, "CHARACTER_RULES", ()):
        assert find_rule("https://example.org/" * 10_000) == "oversized"


@pytest.mark.parametrize("code", [rule.code for rule in CHARACTER_RULES])
def test_characters_that_no_text_needs_are_refused(code: str) -> None:
    for text in HOSTILE[code]:
        with pytest.raises(UnsafeText) as refusal:
            check_characters(text)
        assert refusal.value.rule == code


@pytest.mark.parametrize("text", ["a\tb\nc", "a\r\nb", "\u200e\u05d0\u200f", "\U0001f600", "e\u0301"])
def test_tabs_line_breaks_and_marks_of_other_scripts_are_no_control_characters(text: str) -> None:
    check_characters(text)


# --- Quotations and several texts ----------------------------------------------------------------------------------


def test_a_verbatim_quotation_may_use_the_words_of_its_source() -> None:
    source = "The presence of child pornography in this training data is obviously disturbing."
    assert find_rule(source) == "forbidden_term"
    check_text(source, quotation=True)
    check_text(source, hazard=True, quotation=True)


def test_a_verbatim_quotation_is_held_to_every_other_rule() -> None:
    with pytest.raises(UnsafeText) as refusal:
        check_text("child pornography at example.org/x", quotation=True)
    assert refusal.value.rule == "bare_domain_with_path"


def test_a_term_beside_a_quotation_is_not_in_it() -> None:
    assert find_rule('He said "no" to child pornography and "yes" to quotes.') == "forbidden_term"


def test_several_texts_pass_when_each_of_them_does() -> None:
    check_texts(["a", "b"])
    with pytest.raises(UnsafeText) as refusal:
        check_texts(iter(["a", "aged 9"]), hazard=True)
    assert refusal.value.rule == "victim_age"


# --- Views ---------------------------------------------------------------------------------------------------------


@given(NOISE)
def test_unmasking_what_is_unmasked_changes_nothing(text: str) -> None:
    if unmask.views(text).settled:
        plain = unmask.unmask(text)
        assert unmask.unmask(plain) == plain


@given(NOISE)
def test_the_guard_raises_nothing_but_a_refusal(text: str) -> None:
    for hazard in (False, True):
        try:
            check_text(text, hazard=hazard)
        except UnsafeText as refusal:
            assert refusal.rule == find_rule(text, hazard=hazard)
        else:
            assert find_rule(text, hazard=hazard) is None


@given(NOISE)
def test_what_the_guard_refuses_anywhere_it_refuses_in_a_hazard_issue(text: str) -> None:
    if find_rule(text) is not None:
        assert find_rule(text, hazard=True) is not None


@given(NOISE)
def test_views_are_bounded_by_the_text(text: str) -> None:
    seen = unmask.views(text)
    longest = max(18 * len(text), 1)
    assert max(map(len, (seen.folded, seen.plain, seen.spoken, seen.joined))) <= longest


@pytest.mark.parametrize("text", ["%25" * 33_000, "&amp;" * 20_000, "\\x5c" + "x5c" * 30_000, "&#38;" * 20_000, "%2525" * 20_000])
def test_nested_encoding_is_undone_in_a_bounded_number_of_rounds(text: str) -> None:
    with patch.object(unmask, "_step", wraps=unmask._step) as step:
        find_rule(text)
    assert step.call_count <= unmask.ROUNDS + 1


def test_a_character_reference_of_any_length_is_read() -> None:
    for text in ("&#" + "9" * 50_000, "&#x" + "f" * 50_000 + ";", "&#" + "0" * 5_000 + "47;"):
        assert find_rule(text) in {None, "hex_digest"}


def test_every_rule_reads_each_view_once() -> None:
    calls: list[str] = []

    def count(text: str) -> bool:
        calls.append(text)
        return False

    with patch.object(safety, "SIEVE", Sieve((Rule("counting", "a count", (Clue(count),), deep=True),))):
        find_rule("plain words")
        assert len(calls) == 1
        find_rule("h\u00e9 a b c d e dot com&amp;")
        assert len(calls) <= 5


# --- What importers drop -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *("sample", "samples", "url_list", "caption", "alt_text", "text", "prompt", "similarity", "punsafe", "md5", "phash"),
        *("hash", "row_id", "parquet_path", "parquet_paths", "image", "images", "thumbnail", "thumbnails"),
        *("sha1", "sha256", "sha_512", "SHA-256", "sha3_256", "sha"),
        *("TEXT", "AltText", "alt-text", "Alt Text", "urlList", "URL_LIST", "rowId", "ROW ID", "pHash", "P_UNSAFE"),
    ],
)
def test_a_field_that_could_lead_to_items_is_dropped_however_it_is_written(name: str) -> None:
    assert drop_fields({name: "x", "title": "kept"}) == {"title": "kept"}


def test_every_declared_field_is_dropped() -> None:
    assert drop_fields(dict.fromkeys(DROPPED_FIELDS, 1)) == {}


def test_fields_are_dropped_at_any_depth() -> None:
    given = {"a": [{"md5": 1, "b": ({"samples": 2, "c": {"text": 3, "d": 4}},)}], "images": [1]}
    assert drop_fields(given) == {"a": [{"b": [{"c": {"d": 4}}]}]}


def test_other_fields_and_the_given_mapping_stay_as_they_are() -> None:
    given = {"title": "A title", "context": {"textbook": 1, "hashtag": 2}, "count": 3, "none": None}
    before = repr(given)
    assert drop_fields(given) == given
    assert repr(given) == before


def test_a_mapping_that_nests_without_end_is_cut_and_not_followed() -> None:
    nested: dict[str, object] = {}
    for _ in range(100_000):
        nested = {"a": nested}
    kept = drop_fields(nested)
    assert len(list(_levels(kept))) <= 60


def _levels(value: object) -> Iterator[object]:
    while isinstance(value, dict) and value:
        yield value
        value = value["a"]


# --- Where to report -----------------------------------------------------------------------------------------------


def test_the_refused_person_learns_where_to_report() -> None:
    named = " ".join(name for name, _ in REPORTING_CONTACTS)
    for hotline in ("NCMEC CyberTipline", "IWF", "Cybertip.ca", "C3P", "INHOPE"):
        assert hotline in named
    assert {"United States", "United Kingdom", "Canada", "elsewhere"} == {region for _, region in REPORTING_CONTACTS}
    assert all(word in REPORTING_ADVICE for word in ("not", "download", "copy", "share"))


def test_what_the_guard_says_itself_passes_the_guard() -> None:
    for text in (REPORTING_ADVICE, *(f"{name} ({region})" for name, region in REPORTING_CONTACTS)):
        check_text(text, hazard=True)


def test_the_guard_has_a_version_so_that_stored_texts_can_be_scanned_again() -> None:
    assert GUARD_VERSION >= 1
