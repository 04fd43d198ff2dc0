"""What speaks for and against a name meaning its record: each feature with its points, and when it counts. Pure.

The score is their sum, kept between 0 and 100; all are small whole numbers, so that every machine sums to the same. Which were
found is stored with the mention. A change of anything here is a new RULE_VERSION. Why: docs/decisions/0012-recognition.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kb.feeds.match.candidate import Candidate
from kb.feeds.match.words import FIELD, OF_KIND, PLACES, SAYS_KIND, STOP

RULE_VERSION = 3
PROPOSED_FROM, QUEUED_FROM = 70, 35
HIGH_FROM = 85
_ENOUGH_FIELD_WORDS = 2
_MOST_OF_PRIOR = 10
_PLACE_WORDS = frozenset(PLACES)
_NO_NAMES = FIELD | STOP
_ONE_OF_MANY = frozenset({"a", "an"})


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


def _says_its_kind(one: Candidate) -> bool:
    return one.name.kind in SAYS_KIND and not one.own_words().isdisjoint(SAYS_KIND[one.name.kind])


def _of_any_kind(one: Candidate) -> bool:
    """Whether a name is ambiguous as to what it is at all, so that the field and the kind tell something."""
    return one.name.ambiguous and not _says_its_kind(one)


def _is_beside_others(one: Candidate) -> int:
    return int(_of_any_kind(one) and bool(one.around.sure - {one.name.record}))


def _field_words(one: Candidate) -> int:
    """Words of the field say something beside an ambiguous name; one may be chance."""
    return int(_of_any_kind(one) and len(_beside(one, FIELD)) >= _ENOUGH_FIELD_WORDS)


def _kind_word(one: Candidate) -> int:
    return int(_of_any_kind(one) and bool(_beside(one, OF_KIND.get(one.name.kind, frozenset()))))


def _places_beside(one: Candidate) -> frozenset[str]:
    """The places that the text names beside the name of a law, where the law's own is known."""
    if not one.places or not _says_its_kind(one):
        return frozenset()
    return frozenset(PLACES[word] for word in _beside(one, _PLACE_WORDS))


def _is_in_its_place(one: Candidate) -> int:
    return int(one.name.ambiguous and bool(_places_beside(one) & one.places))


def _is_elsewhere(one: Candidate) -> int:
    return int(bool(_places_beside(one) - one.places) and one.own_words().isdisjoint(PLACES))


def _in_title(one: Candidate) -> int:
    return int(one.end <= one.around.title_length)


def _same_case(one: Candidate) -> int:
    surface = one.surface
    return int(surface == one.name.text or _capitals(surface) == _capitals(one.name.text))


def _capitals(text: str) -> list[int]:
    """For each word: 0 in small letters, 1 with a capital, 2 all in capitals."""
    words = text.replace("-", " ").split()
    return [2 if len(word) > 1 and word.isupper() else int(word[:1].isupper()) for word in words]


def _in_small_letters(one: Candidate) -> int:
    """A name of capitals and no digits of which a word stands in small letters is most often plain words.

    So is “Time” for TIME: a name of one word keeps all its capitals, a longer one is often written with the first of each.
    """
    surface = one.surface
    if surface == one.name.text or one.around.is_upper or any(char.isdigit() for char in one.name.text):
        return 0
    known, seen = _capitals(one.name.text), _capitals(surface)
    most = 2 if len(known) == 1 else 1
    return int(any(min(capital, most) > found for capital, found in zip(known, seen, strict=False)))


def _case_says_nothing(one: Candidate) -> int:
    return int(one.name.ambiguous and one.around.is_upper)


def _goes_on_as_a_name(one: Candidate) -> int:
    """In running text a capital after a one-word name makes another name of both: a person, a school, a place."""
    following = one.next_word()
    if " " in one.name.text or one.around.is_title_case or one.around.is_upper or not following[:1].isupper():
        return 0
    return int(following.lower() not in FIELD and not following.isupper() and not any(char.isdigit() for char in following))


def _goes_on_before(one: Candidate) -> int:
    """A name before an ambiguous one makes another name of both: “Colorado AI Act”, “AWS Lambda”. So does “an” before an act."""
    before = one.word_before() if one.name.ambiguous or _says_its_kind(one) else None
    if before is None or before.end in one.around.ends or before.plain in one.companions:
        return 0
    if before.plain in PLACES:
        return int(PLACES[before.plain] not in one.places)
    if before.plain in _ONE_OF_MANY:
        return int(_says_its_kind(one))
    if not one.name.ambiguous or not before.is_capital or before.plain in _NO_NAMES:
        return 0
    # Where any word may have a capital, it takes more than that.
    says_little = one.around.is_title_case or before.begins
    return int(not one.around.is_upper and (not says_little or before.is_owner or before.is_upper))


def _is_part_of_a_compound(one: Candidate) -> int:
    rest = one.around.text[one.end : one.end + 2]
    return int(rest[:1] in {"-", "\u2010", "\u2011"} and rest[1:].isalnum())


def _has_rivals(one: Candidate) -> int:
    return int(bool(one.rivals))


def _is_split(one: Candidate) -> int:
    return int(one.is_split)


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
    Feature("place", 25, "the text names the place of the law", _is_in_its_place),
    Feature("elsewhere", -25, "the text names a place with laws of its own", _is_elsewhere),
    Feature("title", 5, "it stands in the title", _in_title),
    Feature("case", 5, "capitals are as in the name", _same_case),
    Feature("small", -45, "it lacks capitals of the name", _in_small_letters),
    Feature("upper", -10, "all is in capitals", _case_says_nothing),
    Feature("goes_on", -35, "the name seems to go on", _goes_on_as_a_name),
    Feature("goes_before", -35, "the name seems to begin earlier", _goes_on_before),
    Feature("split", -35, "a blank stands within a word of the name", _is_split),
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
