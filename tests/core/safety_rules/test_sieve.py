"""The sieve tries those clues whose needs a text meets, and no others; the first rule in order is the one that is told."""

from kb.core.safety_rules.rule import Clue, Rule, Run, clue, need
from kb.core.safety_rules.sieve import Sieve
from kb.core.safety_rules.traits import DIGIT

ZEBRA = Rule("zebra", "a zebra", (clue("zebra", "zebra"),))
DEEP = Rule("deep", "a gnu", (clue("gnu", "gnu"),), deep=True)
STRICT = Rule("strict", "a kudu", (clue("kudu", "kudu"),), hazard_only=True)
CASED = Rule("cased", "an Oryx", (clue("Oryx", "oryx", cased=True),))
SIEVE = Sieve((ZEBRA, DEEP, STRICT, CASED))


class Counted:
    """A test that passes no text and knows which texts it was tried on."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    def __call__(self, text: str) -> bool:
        self.tried.append(text)
        return False


def tried(*needs: str | Run, texts: list[str]) -> list[str]:
    test = Counted()
    sieve = Sieve((Rule("counting", "a count", (Clue(test, tuple(map(need, needs))),)),))
    assert sieve.first_broken(texts, [], hazard=False) is None
    return test.tried


def test_a_clue_that_needs_nothing_is_tried_on_every_text() -> None:
    assert tried(texts=["", "a"]) == ["", "a"]


def test_a_clue_is_tried_where_all_of_its_needs_are_met() -> None:
    texts = ["cat", "cat 1", "dog 2", "1", "do", "Cat 3"]
    assert tried("cat, dog", "1, 2, 3", texts=texts) == ["cat 1", "dog 2", "cat 3"]


def test_literals_within_literals_are_found() -> None:
    texts = ["abcd", "abc", "bc"]
    assert tried("bc", texts=texts) == texts
    assert tried("abcd", "bc", texts=texts) == ["abcd"]


def test_a_run_is_so_many_signs_of_a_kind_at_least() -> None:
    assert tried(Run("ab", 3), texts=["ab a", "aba", "xbbbax", "AAB", "ab\u00e9a"]) == ["aba", "xbbbax", "aab"]
    assert tried(Run("ab", 3), Run("ab", 5), texts=["abab", "ababa"]) == ["ababa"]


def test_a_digit_of_any_script_is_a_digit() -> None:
    test = Counted()
    sieve = Sieve((Rule("counting", "a count", (Clue(test, (DIGIT,)),)),))
    sieve.first_broken(["a", "\u00e9", "7", "\u0663", "\u0e53"], [], hazard=False)
    assert test.tried == ["7", "\u0663", "\u0e53"]


def test_half_a_surrogate_pair_is_read_like_any_sign() -> None:
    assert SIEVE.first_broken(["\ud800 zebra"], [], hazard=False) is ZEBRA


def test_the_first_rule_is_told_whichever_view_breaks_it() -> None:
    assert SIEVE.first_broken(["gnu", "zebra"], [], hazard=False) is ZEBRA
    assert SIEVE.first_broken(["zebra", "gnu"], [], hazard=False) is ZEBRA
    assert SIEVE.first_broken(["Oryx"], ["gnu"], hazard=False) is DEEP


def test_a_deep_view_is_read_by_deep_rules_alone() -> None:
    assert SIEVE.first_broken([""], ["zebra"], hazard=True) is None
    assert SIEVE.first_broken([""], ["zebra gnu"], hazard=True) is DEEP


def test_a_strict_rule_reads_the_texts_of_hazard_issues_alone() -> None:
    assert SIEVE.first_broken(["kudu"], [], hazard=False) is None
    assert SIEVE.first_broken(["kudu"], [], hazard=True) is STRICT


def test_a_rule_that_is_passed_over_leaves_the_others() -> None:
    assert SIEVE.first_broken(["zebra"], [], hazard=False, passed=ZEBRA) is None
    assert SIEVE.first_broken(["zebra gnu"], [], hazard=False, passed=ZEBRA) is DEEP


def test_a_cased_clue_reads_capitals_and_its_needs_do_not() -> None:
    assert SIEVE.first_broken(["Oryx"], [], hazard=False) is CASED
    assert SIEVE.first_broken(["oryx"], [], hazard=False) is None
