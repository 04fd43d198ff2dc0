"""What speaks for and against a name meaning its record: each feature with its points, and when it counts. Pure.

The score is their sum, kept between 0 and 100; all are small whole numbers, so that every machine sums to the same. Which were
found is stored with the mention. A change of anything here is a new RULE_VERSION. Why: docs/decisions/0012-recognition.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kb.feeds.match.candidate import Candidate
from kb.feeds.match.words import FIELD, OF_KIND

RULE_VERSION = 1
PROPOSED_FROM, QUEUED_FROM = 70, 35
HIGH_FROM = 85
_ENOUGH_FIELD_WORDS = 2
_MOST_OF_PRIOR = 10


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that speaks for or against, in words for editors. `counts` returns how many times its points count."""

    code: str
    points: int
    label: str
    counts: Callable[[Candidate], int]


def _beside(one: Candidate, words: frozenset[str]) -> frozenset[str]:
    """Those of some words that the text has beside the name. Few words are looked for among many, not the other way round."""
    return (words & one.around.words) - one.own_words()


def _is_named_elsewhere(one: Candidate) -> int:
    return int(bool(_beside(one, one.companions)))


def _has_neighbour(one: Candidate) -> int:
    return int(any(record in one.around.sure for record in one.near))


def _is_beside_others(one: Candidate) -> int:
    return int(one.name.ambiguous and bool(one.around.sure - {one.name.record}))


def _field_words(one: Candidate) -> int:
    """Words of the field say something beside an ambiguous name; one may be chance."""
    if not one.name.ambiguous:
        return 0
    return int(len(_beside(one, FIELD)) >= _ENOUGH_FIELD_WORDS)


def _kind_word(one: Candidate) -> int:
    return int(one.name.ambiguous and bool(_beside(one, OF_KIND.get(one.name.kind, frozenset()))))


def _in_title(one: Candidate) -> int:
    return int(one.end <= one.around.title_length)


def _same_case(one: Candidate) -> int:
    return int(_capitals(one.surface) == _capitals(one.name.text))


def _capitals(text: str) -> list[bool]:
    return [word[:1].isupper() for word in text.replace("-", " ").split()]


def _in_small_letters(one: Candidate) -> int:
    """A name of capitals and no digits of which a word stands in small letters is most often plain words."""
    if any(char.isdigit() for char in one.name.text) or one.around.is_upper:
        return 0
    pairs = zip(_capitals(one.name.text), _capitals(one.surface), strict=False)
    return int(any(capital and not seen for capital, seen in pairs))


def _case_says_nothing(one: Candidate) -> int:
    return int(one.name.ambiguous and one.around.is_upper)


def _goes_on_as_a_name(one: Candidate) -> int:
    """In running text a capital after a one-word name makes another name of both: a person, a school, a place."""
    following = one.next_word()
    if " " in one.name.text or one.around.is_title_case or one.around.is_upper or not following[:1].isupper():
        return 0
    return int(following.lower() not in FIELD and not following.isupper() and not any(char.isdigit() for char in following))


def _is_part_of_a_compound(one: Candidate) -> int:
    rest = one.around.text[one.end : one.end + 2]
    return int(rest[:1] in {"-", "\u2010", "\u2011"} and rest[1:].isalnum())


def _has_rivals(one: Candidate) -> int:
    return int(bool(one.rivals))


def _is_variant(one: Candidate) -> int:
    return int(one.is_variant)


def _prior(one: Candidate) -> int:
    """What editors decided before moves a score a little; alone it proposes no ambiguous name."""
    return max(-_MOST_OF_PRIOR, min(_MOST_OF_PRIOR, one.prior.accepted - 2 * one.prior.ignored))


FEATURES: tuple[Feature, ...] = (
    Feature("ambiguous", -40, "the name also means other things", lambda one: int(one.name.ambiguous)),
    Feature("companion", 35, "the text has a word of the record's other names", _is_named_elsewhere),
    Feature("neighbour", 40, "the text names a record that is linked with it", _has_neighbour),
    Feature("beside", 25, "the text names other records without doubt", _is_beside_others),
    Feature("field", 25, "several words of the field stand in the text", _field_words),
    Feature("kind", 20, "a word says what kind of thing it is", _kind_word),
    Feature("title", 5, "it stands in the title", _in_title),
    Feature("case", 5, "capitals are as in the name", _same_case),
    Feature("small", -45, "it stands in small letters", _in_small_letters),
    Feature("upper", -10, "all is in capitals", _case_says_nothing),
    Feature("goes_on", -35, "the name seems to go on", _goes_on_as_a_name),
    Feature("compound", -30, "it is part of a compound", _is_part_of_a_compound),
    Feature("rivals", -45, "several records have this name", _has_rivals),
    Feature("variant", -3, "a usual variant of the name", _is_variant),
    Feature("prior", 1, "what editors decided on this name before", _prior),
)
_BASE = 80


def score_of(one: Candidate) -> tuple[int, dict[str, int]]:
    """Return the score of a candidate, 0 to 100, and the points of the features that were found."""
    points = {feature.code: feature.points * times for feature in FEATURES if (times := feature.counts(one))}
    return max(0, min(100, _BASE + sum(points.values()))), points


def outcome_of(score: int) -> str:
    """Return what a score leads to: proposed, queued or dropped."""
    return "proposed" if score >= PROPOSED_FROM else "queued" if score >= QUEUED_FROM else "dropped"


def confidence_of(score: int) -> str:
    """Return the confidence in words."""
    return "high" if score >= HIGH_FROM else "moderate" if score >= PROPOSED_FROM else "low"
