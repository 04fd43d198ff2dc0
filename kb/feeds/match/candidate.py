"""A name that was found in a text, with what the text says around it: what the features look at. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_BEFORE = re.compile(r"([^\W_]+(?:[-'\u2019][^\W_]+)*)['\u2019]? $")
_FAR = 60


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name of a record. An ambiguous one also means other things."""

    text: str
    record: int
    kind: str
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Prior:
    """How often editors accepted and ignored what a name led to."""

    accepted: int = 0
    ignored: int = 0


@dataclass(slots=True)
class Around:
    """A text, read once for all the names in it: `ends` is where they end, `sure` which records are named without any doubt."""

    text: str
    title_length: int
    words: frozenset[str] = field(init=False)
    is_title_case: bool = field(init=False)
    is_upper: bool = field(init=False)
    sure: set[int] = field(default_factory=set)
    ends: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        found = _WORD.findall(self.text)
        parts = {part for word in found for part in (word, *word.split("-"))}
        self.words = frozenset(word.lower().removesuffix("'s") for word in parts)
        title = _WORD.findall(self.text[: self.title_length] if self.title_length else self.text.partition("\n")[0])
        long = [word for word in title if len(word) > 3 and word[0].isalpha()]
        self.is_title_case = len(long) > 2 and 10 * sum(word[0].isupper() for word in long) >= 7 * len(long)
        self.is_upper = self.text.isupper() or (bool(long) and all(word.isupper() for word in long))


@dataclass(frozen=True, slots=True)
class WordBefore:
    """The word before a name: in small letters without the sign of an owner, and how it stands in the text."""

    plain: str
    end: int
    is_capital: bool
    is_owner: bool
    is_upper: bool
    begins: bool


@dataclass(slots=True)
class Candidate:
    """One name at one place. `companions` are words of the record's other names, `near` its neighbours in the record.

    `places` are those that the record's names tell. A `split` name stands with a blank where the record's has none.
    """

    name: KnownName
    start: int
    end: int
    around: Around
    companions: frozenset[str]
    places: frozenset[str]
    near: Collection[int]
    prior: Prior
    rivals: tuple[int, ...]
    is_variant: bool
    is_split: bool

    @property
    def surface(self) -> str:
        """The name as it stands in the text."""
        return self.around.text[self.start : self.end]

    def next_word(self) -> str:
        """The word that follows within the same sentence, or nothing."""
        rest = self.around.text[self.end : self.end + 40]
        found = _WORD.match(rest.lstrip(" ")) if rest[:1] == " " else None
        return found.group() if found else ""

    def word_before(self) -> WordBefore | None:
        """The word that stands before within the same sentence, if there is one."""
        begin = max(0, self.start - _FAR)
        found = _BEFORE.search(self.around.text[begin : self.start])
        if found is None:
            return None
        word = found.group(1)
        plain = word.removesuffix("'s").removesuffix("\u2019s")
        earlier = self.around.text[: begin + found.start()].rstrip()
        return WordBefore(
            plain.lower(), begin + found.start() + len(plain), word[:1].isupper(), len(found.group()) > len(plain) + 1,
            len(plain) > 1 and plain.isupper(), not earlier or not (earlier[-1].isalnum() or earlier[-1] in ",'\u2019)"),
        )  # fmt: skip

    def own_words(self) -> frozenset[str]:
        """The words of the name itself."""
        return frozenset(word.lower() for word in _WORD.findall(self.surface))


Features = Mapping[str, int]
