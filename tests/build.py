"""Builders of a small world for tests: plain functions that publish through `publish()` and return rows.

    laion = dataset("LAION-5B")
    sd = model("Stable Diffusion")
    link = state(sd, "trained_on", laion)                     # one news report says so: reported
    link = state(sd, "trained_on", laion, status="confirmed")  # with the evidence that makes it so
    state(laion, "figure", 585, qualifier="links")             # a value instead of a record
    state(sd, "trained_on", laion, evidence=[says(card, kind="model_card"), says(essay, stance="disputes")])

Every call is an edition of its own; `publishing()` takes any changes. Rows come back as the database holds them.
"""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from kb.ledger.models import Edition
from kb.records import changes as do
from kb.records.models import Dispute, Evidence, Record, Reply, Statement
from kb.records.publish import publish
from kb.records.split import split

ACTOR = "test"
REASON = "A test builds its world."

_numbers = count(1)


def publishing(
    *changes: do.Change, actor: str = ACTOR, reason: str = REASON, refs: dict[str, int] | None = None
) -> Edition | None:
    """Publish changes as one edition."""
    return publish(changes, actor=actor, reason=reason, refs=refs)


# records


def make_record(
    kind: str, name: str, *, slug: str = "", aliases: dict[str, bool] | None = None,
    identifiers: Iterable[tuple[str, str]] = (), source_keys: Iterable[tuple[str, str]] = (), **detail: Any,
) -> Record:  # fmt: skip
    """Publish a record of any kind; `detail` are the fields of its kind. Records among them are turned into their ids."""
    refs: dict[str, int] = {}
    fields = {field: value.id if isinstance(value, Record) else value for field, value in detail.items()}
    publishing(
        do.CreateRecord(
            ref="new", kind=kind, name=name, slug=slug, detail=fields, aliases=aliases or {},
            identifiers=tuple(identifiers), source_keys=tuple(source_keys),
        ),
        refs=refs,
    )  # fmt: skip
    return Record.objects.get(id=refs["new"])


def dataset(name: str, **more: Any) -> Record:
    """Publish a dataset."""
    return make_record("dataset", name, **more)


def model(name: str, **more: Any) -> Record:
    """Publish a model."""
    return make_record("model", name, **more)


def product(name: str, **more: Any) -> Record:
    """Publish a product."""
    return make_record("product", name, **more)


def unresolved(name: str, **more: Any) -> Record:
    """Publish a name whose kind nobody has said."""
    return make_record("unresolved", name, **more)


def party(name: str = "", *, type: str = "company", **more: Any) -> Record:  # noqa: A002 - the field's own name
    """Publish a party, by default a company with a name of its own."""
    return make_record("party", name or f"Party {next(_numbers)}", type=type, **more)


def report(name: str = "", *, publisher: Record | None = None, independence: str = "original", **more: Any) -> Record:
    """Publish a report of its own work; without a publisher it gets one of its own."""
    number = next(_numbers)
    by = publisher or party(f"Newsroom {number}", type="media")
    return make_record("report", name or f"Report {number}", publisher=by, independence=independence, **more)


def issue(name: str, *, code: str = "D06", frames: Iterable[str] = ("discrimination",), **more: Any) -> Record:
    """Publish an issue, by default one that is no hazard."""
    return make_record("issue", name, code=code, frames=list(frames), **more)


def law(name: str, *, jurisdiction: str = "EU", **more: Any) -> Record:
    """Publish a law."""
    return make_record("legislation", name, jurisdiction=jurisdiction, **more)


# evidence and statements


def says(
    source: Record | None = None, *, kind: str = "journalism", stance: str = "supports",
    said_by: Record | None = None, cited_in: Record | None = None, **more: Any,
) -> do.EvidenceDraft:  # fmt: skip
    """Draft one source's word; without a source a fresh report with a publisher of its own speaks."""
    more.setdefault("gist", "The source says so.")
    return do.EvidenceDraft(
        report=(source or report()).id, kind=kind, stance=stance,
        said_by=said_by.id if said_by else None, cited_in=cited_in.id if cited_in else None, **more,
    )  # fmt: skip


def evidence_for(status: str) -> list[do.EvidenceDraft]:
    """Draft evidence from which the rule derives this status; retraction and overrides are no matter of evidence."""
    return {
        "confirmed": lambda: [says(kind="technical_audit")],
        "corroborated": lambda: [says(), says()],
        "reported": lambda: [says()],
        "inferred": lambda: [says(kind="inference")],
        "disputed": lambda: [says(), says(stance="disputes")],
        "refuted": lambda: [says(kind="technical_audit", stance="disputes")],
        "needs_source": list,
    }[status]()


def state(
    subject: Record, predicate: str, target: Record | str | int | Any, *, status: str = "reported",
    evidence: Iterable[do.EvidenceDraft] | None = None, **more: Any,
) -> Statement:  # fmt: skip
    """Publish a statement about a record (`target`) or a value (anything else).

    Its evidence is what is given, else what makes it have the `status`. `more` are qualifier, unit, start, end, note, rank.
    """
    drafts = tuple(evidence_for(status) if evidence is None else evidence)
    said = {"object": target.id} if isinstance(target, Record) else {"value": target}
    publishing(do.AddStatement(subject=subject.id, predicate=predicate, evidence=drafts, **said, **more))
    return Statement.objects.latest("id")


def add_evidence(statement: Statement, draft: do.EvidenceDraft) -> Evidence:
    """Publish one more source's word on a statement."""
    publishing(do.AddEvidence(statement=statement.id, evidence=draft))
    return Evidence.objects.latest("id")


def amend(statement: Statement, **fields: object) -> Statement:
    """Publish changes of a statement's dates, note, unit, rank or override, and return it anew."""
    publishing(do.AmendStatement(statement=statement.id, fields=fields))
    return Statement.objects.get(id=statement.id)


def retract(statement: Statement) -> Statement:
    """Take a statement back and return it anew."""
    publishing(do.RetractStatement(statement=statement.id))
    return Statement.objects.get(id=statement.id)


def merge(record: Record, into: Record) -> Record:
    """Let one record speak for another and return the one that fell silent."""
    publishing(do.MergeRecord(record=record.id, into=into.id))
    return Record.objects.get(id=record.id)


def withdraw(record: Record, reason: str = REASON) -> Record:
    """Withdraw a record and return it anew."""
    publishing(do.WithdrawRecord(record=record.id), reason=reason)
    return Record.objects.get(id=record.id)


def split_off(record: Record, name: str, *statements: Statement) -> Record:
    """Split a part of the same kind off a record, with the statements that are about it, and return the part."""
    refs: dict[str, int] = {}
    part = do.CreateRecord(ref="part", kind=record.kind, name=name)
    publishing(*split(record.id, part, [statement.id for statement in statements]), refs=refs)
    return Record.objects.get(id=refs["part"])


# replies and disputes


def reply(record: Record, by: Record | None = None, *, statement: Statement | None = None, **more: Any) -> Reply:
    """Publish a party's reply to Upstream, with these words and days unless others are given."""
    received = {"state": "received", "answered": date(2024, 1, 9), "text": "We have looked into it."}
    given: dict[str, Any] = {"asked": date(2024, 1, 2), "due": date(2024, 1, 16)}
    given |= (more if "state" in more else received | more) | {"statement": statement.id if statement else None}
    publishing(do.RecordReply(record=record.id, party=(by or party()).id, **given))
    return Reply.objects.latest("id")


def dispute(
    record: Record, by: Record | None = None, *, statement: Statement | None = None, ground: str = "The figure is wrong.",
) -> Dispute:  # fmt: skip
    """Publish an open dispute."""
    publishing(
        do.OpenDispute(
            record=record.id, statement=statement.id if statement else None, party=by.id if by else None, ground=ground,
            opened=date(2024, 2, 1),
        )
    )  # fmt: skip
    return Dispute.objects.latest("id")


def decide(row: Dispute, state: str = "upheld", outcome: str = "The source was misread.") -> Dispute:
    """Publish the decision of a dispute and return it anew."""
    publishing(do.AmendDispute(dispute=row.id, fields={"state": state, "decided": date(2024, 3, 1), "outcome": outcome}))
    return Dispute.objects.get(id=row.id)


def responsible(artifact: Record, role: str = "creator") -> Record:
    """Publish a company that answers for an artifact, and return it."""
    company = party()
    state(artifact, role, company)
    return company


def every_table() -> None:
    """Publish a world that has at least two rows in every public table and in every table of the ledger, in few editions."""
    refs: dict[str, int] = {}

    def record(kind: str, ref: str, name: str = "", **more: Any) -> do.CreateRecord:
        return do.CreateRecord(ref=ref, kind=kind, name=name or ref.title(), **more)

    def word(by: str, **more: Any) -> tuple[do.EvidenceDraft, ...]:
        return (do.EvidenceDraft(report=by, kind="journalism", gist=f"The {by} says so.", locator="p. 1", **more),)

    laws = [
        do.AddPart(record="act", part=part, fields=fields | {"report": "card"})
        for number in (1, 2)
        for part, fields in (
            ("provision", {"locator": f"Art. {number}", "kind": "obligation", "gist": "Providers document."}),
            ("action", {"date": f"2024-0{number}", "text": "Read in the chamber."}),
        )
    ]
    publishing(
        record("party", "maker", detail={"type": "company", "country": "DE"}),
        record("party", "paper", detail={"type": "media"}),
        record("report", "card", detail={"publisher": "maker", "url": "https://example.org/card", "independence": "original"}),
        record("report", "article", detail={"publisher": "paper", "published": "2023-12", "independence": "original"}),
        record("dataset", "index", "LAION-5B", aliases={"LAION 5B": False, "five b": True}, source_keys=(("founding", "index"),)),
        record("model", "model", identifiers=(("wikidata", "Q1"), ("github", "CompVis/stable-diffusion"))),
        record("product", "app", source_keys=(("founding", "app"),)),
        record("unresolved", "name"),
        record("issue", "bias", detail={"code": "D06", "frames": ["discrimination"], "gravity": 2}),
        record("issue", "claim", detail={"code": "D11", "frames": ["copyright"]}),
        record("legislation", "act", detail={"jurisdiction": "EU", "number": "2024/1689"}),
        record("legislation", "bill", detail={"jurisdiction": "US"}),
        *laws,
        do.AddStatement(
            subject="model", predicate="trained_on", object="index", start="2022", evidence=word("card") + word("article")
        ),
        do.AddStatement(
            subject="app", predicate="uses_model", object="model", note="From its help pages.", evidence=word("card")
        ),
        do.AddStatement(subject="bias", predicate="impact", object="index", qualifier="affected", evidence=word("article")),
        do.AddStatement(subject="index", predicate="figure", value=585, qualifier="links", unit="links"),
        do.AddStatement(subject="index", predicate="rate", value="1.25", qualifier="other"),
        do.AddStatement(subject="index", predicate="released_on", value="2022-03"),
        do.AddStatement(subject="index", predicate="described_as", value="An index of links with captions."),
        do.AddStatement(subject="index", predicate="availability", value="withdrawn"),
        refs=refs,
    )
    link = Statement.objects.get(predicate="trained_on")
    day = date(2024, 1, 2)
    amend(link, note="Said in the card.")
    publishing(
        do.AmendStatement(statement=link.id, fields={"override": "disputed", "override_reason": "The parties disagree."}),
        do.RenameRecord(record=refs["index"], slug="laion-five-b"),
        do.RenameRecord(record=refs["app"], slug="the-app"),
        do.MergeRecord(record=refs["name"], into=refs["model"]),
        do.RecordReply(record=refs["bias"], party=refs["maker"], state="requested", asked=day, due=date(2024, 1, 16)),
        do.RecordReply(record=refs["claim"], party=refs["maker"], state="received", answered=day, text="We are looking."),
        do.OpenDispute(record=refs["bias"], party=refs["maker"], ground="The sample is too small.", opened=day),
        do.OpenDispute(record=refs["model"], statement=link.id, ground="It was another release.", opened=day),
    )
