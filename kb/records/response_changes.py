"""The typed changes of replies and disputes: what parties and readers answer to what is on record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kb.records.change import Change, Fields, OnRecord, Ref, given


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReply(OnRecord):
    """Put on record how a party stands to its right of reply: asked, replied to Upstream, or not.

    `statement` is the very claim, where it is about one. A public statement made elsewhere is evidence, not a reply.
    """

    party: Ref
    state: str
    statement: int | None = None
    asked: date | None = None
    due: date | None = None
    answered: date | None = None
    text: str = ""
    cut: bool = False
    reason: str = ""

    def references(self) -> Iterator[Ref]:
        """Yield the record and the party."""
        yield self.record
        yield self.party


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendReply(Change):
    """Change the state, due or answered day, text, cut or reason of a reply; who was asked about what, and when, stays."""

    reply: int
    fields: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDispute(OnRecord):
    """Put on record that a record or a statement is disputed: it is flagged contested until the dispute is decided.

    `ground` is a short public summary in our words.
    """

    ground: str
    opened: date
    statement: int | None = None
    party: Ref | None = None

    def references(self) -> Iterator[Ref]:
        """Yield the record and whoever disputes."""
        yield self.record
        yield from given(self.party)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendDispute(Change):
    """Decide a dispute, or better its words: ground, state, decided and outcome."""

    dispute: int
    fields: Fields
