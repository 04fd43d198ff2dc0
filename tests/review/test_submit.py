"""How a proposal comes in: screened before it is stored, complete before it is sent, and once only."""

from typing import Any

import pytest

from kb.core.errors import Conflict, InvalidInput
from kb.core.safety import Refused
from kb.ledger.write import current_edition
from kb.records.models import Record
from kb.review import submit
from kb.review.basket import collect, send_basket
from kb.review.changes import standing
from kb.review.decide import move
from kb.review.edit import amend_change, is_mended, take_over
from kb.review.filing import Filing, missing, read_filing, write_filing
from kb.review.models import GuardCount, Proposal
from kb.review.policy import submitter
from kb.review.similar import similar_issues
from kb.review.stale import differences
from kb.review.submit import Sender, discard_draft, save_filing, save_part, send_changes, send_filing, sent_before, start_filing
from tests import build
from tests.review.desk import World, act, filed, filing, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("field", ["title", "summary", "how_known", "told_how", "embargo_reason"])
def test_a_refused_text_leaves_a_count_and_nothing_else(world: World, field: str) -> None:
    with pytest.raises(Refused):
        start_filing(filing(world, **{field: "Look at https://example.org/abuse"}), Sender())
    assert (Proposal.objects.count(), GuardCount.objects.get().rule) == (0, "web_address")


def test_a_refused_text_leaves_a_draft_as_it_was(world: World) -> None:
    proposal = start_filing({"title": "First words"}, Sender())
    with pytest.raises(Refused):
        save_filing(proposal, {"title": "magnet:?xt=urn:btih:" + "a" * 40}, Sender())
    proposal.refresh_from_db()
    assert (proposal.title, proposal.revision) == ("First words", 1)


def test_the_strict_rules_hold_for_a_hazard(world: World) -> None:
    text = "Children aged 9 can be seen."
    start_filing({"title": "A title", "summary": text}, Sender())
    with pytest.raises(Refused):
        start_filing({"title": "A title", "summary": text, "code": "D01"}, Sender())


def test_what_the_strict_rules_refuse_is_not_kept_in_a_draft_either(world: World) -> None:
    source = {"title": "A page", "kind": "journalism", "gist": "Children aged 9 can be seen."}
    unsafe = {
        "title": "Of one aged 9",
        "summary": "Children aged 9 can be seen.",
        "how_known": "We read it.",
        "sources": [source],
    }
    proposal = start_filing(unsafe, Sender(credit="pseudonym", credit_name="Anna, aged 9"))
    with pytest.raises(Refused):
        save_filing(proposal, {"summary": "Links to https://example.org/x"}, Sender())
    proposal.refresh_from_db()
    assert (proposal.filing["summary"], proposal.revision) == (unsafe["summary"], 1)
    with pytest.raises(Refused):
        save_part(proposal, {"code": "D01"}, lambda fresh: Sender())
    proposal.refresh_from_db()
    kept = read_filing(proposal.filing)
    assert (proposal.title, kept.title, kept.summary, kept.sources) == ("", "", "", ())
    assert (proposal.credit, proposal.credit_name) == ("none", "")
    assert (kept.how_known, proposal.revision) == ("We read it.", 2)
    assert save_part(proposal, {"code": "D01", "summary": "Children can be seen."}, lambda fresh: Sender()).hazard


def test_with_a_hazard_an_address_leads_to_known_places_only(world: World) -> None:
    source = {"title": "A study", "kind": "paper", "gist": "It counts.", "type": "study"}
    hazard = {"code": "D01", "frames": ["child_safety"]}
    start_filing(filing(world, sources=[source | {"url": "https://doi.org/10.25740/kh752sm9123"}], **hazard), Sender())
    known = build.issue("Links to unlawful images", code="D01", frames=["child_safety"])
    with pytest.raises(InvalidInput, match="an editor will look it up"):
        start_filing(filing(world, sources=[source | {"url": "https://example.org/other"}], **hazard), Sender())
    build.state(known, "impact", world.data, qualifier="affected", evidence=[build.says(world.study)])
    start_filing(filing(world, sources=[source | {"url": "https://example.org/other"}], **hazard), Sender())
    with pytest.raises(Refused):
        start_filing(filing(world, sources=[source | {"url": f"https://doi.org/x?{'a' * 64}"}], **hazard), Sender())
    with pytest.raises(InvalidInput, match="an editor will look it up"):
        start_filing(filing(world, sources=[source | {"url": "https://unknown.example.net/x"}], **hazard), Sender())


@pytest.mark.parametrize("extra", ["state", "severity", "reviewers", "submitter", "key", "record_id", "__class__"])
def test_a_filing_takes_no_field_that_it_does_not_have(world: World, extra: str) -> None:
    with pytest.raises(InvalidInput, match="has no"):
        start_filing(filing(world) | {extra: "published"}, Sender())


@pytest.mark.parametrize("data", [
    None, [], "text", {"title": None}, {"title": "x" * 301}, {"frames": "privacy"}, {"frames": ["nonsense"]}, {"code": "Z99"},
    {"artifacts": [{"kind": "party"}]}, {"artifacts": [{}] * 21}, {"sources": [{"kind": "hearsay"}]}, {"told": "maybe"},
    {"artifacts": [{"impact": "doomed"}]}, {"sources": [{"quotation": "x" * 301}]},
])  # fmt: skip
def test_a_malformed_filing_is_refused_whole(data: Any) -> None:
    with pytest.raises(InvalidInput):
        start_filing(data, Sender())
    assert not Proposal.objects.exists()


def test_a_filing_reads_back_as_it_was_written(world: World) -> None:
    read = read_filing(filing(world))
    assert read_filing(write_filing(read)) == read


def test_an_empty_filing_lacks_everything_that_a_submission_needs() -> None:
    assert set(missing(Filing())) == {"title", "summary", "how_known", "code", "frames", "artifacts", "sources"}


def test_what_is_not_on_record_is_created_with_the_finding(world: World) -> None:
    source = {
        "title": "Our own measurements",
        "type": "submission",
        "publisher": "The Lab",
        "kind": "technical_audit",
        "gist": "So.",
    }
    proposal = filed(world, artifacts=[{"name": "Painter 2", "kind": "model"}], sources=[source])
    made = [item.body.get("kind") for item in proposal.changes.all() if item.body["change"] == "create_record"]
    assert sorted(filter(None, made)) == ["issue", "model", "party", "report"]
    assert not Record.objects.filter(name="Painter 2").exists()


def test_a_publisher_on_record_is_not_created_again(world: World) -> None:
    build.party("The Lab")
    source = {"title": "Measurements", "publisher": "the lab", "kind": "paper", "gist": "So."}
    proposal = filed(world, sources=[source])
    kinds = [item.body.get("kind") for item in proposal.changes.all() if item.body["change"] == "create_record"]
    assert "party" not in kinds


def test_a_submission_is_no_longer_written_on(world: World) -> None:
    proposal = filed(world)
    with pytest.raises(Conflict, match="no longer be written on"):
        save_filing(proposal, filing(world), Sender())
    with pytest.raises(Conflict):
        send_filing(proposal, submitter())


def test_what_a_submitter_mends_when_asked_replaces_the_changes(world: World) -> None:
    editor = person("editor")
    proposal = filed(world)
    act(proposal, "take", editor)
    proposal = act(proposal, "ask", editor, reason="Which title?")
    save_filing(proposal, filing(world, title="A better title"), Sender(email="finder@example.org"))
    assert "A better title" in [item.body.get("name") for item in proposal.changes.all()]


def test_a_proposal_of_nothing_new_is_refused(world: World) -> None:
    body = {"change": "rename_record", "record": world.model.slug, "name": world.model.name}
    with pytest.raises(Conflict, match="changes nothing"):
        send_changes([body], Sender(), title="The same name", reason="To see.")


@pytest.mark.parametrize("code", [["D01"], [], 1, None])
def test_a_kind_of_issue_that_is_no_text_is_refused(world: World, code: object) -> None:
    issue = build.issue("Painter repeats faces")
    fields = {"code": code, "frames": ["privacy"]}
    new = {"change": "create_record", "ref": "new:issue", "kind": "issue", "name": "A finding", "detail": fields}
    for body in (new, {"change": "amend_detail", "record": issue.slug, "fields": fields}):
        with pytest.raises(InvalidInput, match="is not an issue code"):
            send_changes([body], Sender(), title="A kind", reason="It is missing.")


def test_the_same_request_is_stored_once(world: World) -> None:
    body = {"change": "add_alias", "record": world.model.slug, "text": "P15"}
    first = send_changes([body], Sender(), title="A name", reason="It is used.", sent_by="sender", sent_digest="a")
    assert sent_before("sender", "a") == first
    with pytest.raises(Conflict, match="used for something else"):
        sent_before("sender", "b")
    assert sent_before("other", "a") is None


@pytest.mark.parametrize("sender", [Sender(credit="name"), Sender(credit="fame", credit_name="x")])
def test_a_credit_has_a_name_and_is_of_a_known_kind(world: World, sender: Sender) -> None:
    with pytest.raises(InvalidInput):
        start_filing(filing(world), sender)


def test_similar_issues_are_found_among_public_records_only(world: World) -> None:
    known = build.issue("Painter repeats photographs of faces", code="M01")
    build.state(known, "impact", world.model, qualifier="affected")
    filed(world, title="Painter repeats photographs hidden")
    found = similar_issues("The model repeats faces", [world.model.id], "M01")
    assert found == [known]
    assert similar_issues("Something else entirely") == []


def test_what_the_desk_made_a_hazard_is_read_strictly_when_it_is_mended(world: World) -> None:
    editor = person("editor")
    proposal = act(act(filed(world), "take", editor), "ask", editor, reason="Which release?")
    Proposal.objects.filter(id=proposal.id).update(hazard=True)
    proposal.refresh_from_db()
    with pytest.raises(Refused):
        save_filing(proposal, filing(world, summary="It shows a girl aged 9."), Sender())
    proposal.refresh_from_db()
    assert "aged 9" not in str(proposal.filing)


def test_a_filing_that_is_mended_replaces_what_it_proposed(world: World) -> None:
    editor, proposal = person("editor"), filed(world)
    act(proposal, "take", editor)
    proposal = act(proposal, "ask", editor, reason="Is that its title?")
    save_filing(proposal, filing(world, title="Painter repeats the faces of people"), Sender(email=proposal.email))
    assert proposal.changes.get(position=1).body["name"] == "Painter repeats the faces of people"
    assert not is_mended(proposal)


def test_what_the_desk_wrote_is_not_undone_by_mending_but_may_be_taken_over(world: World) -> None:
    editor, proposal = person("editor"), filed(world)
    proposal = act(proposal, "take", editor)
    body = proposal.changes.get(position=1).body | {"name": "Painter repeats photographs"}
    proposal = amend_change(proposal, 1, body, editor, revision=proposal.revision)
    act(proposal, "ask", editor, reason="Is that its title?")
    mended = save_filing(proposal, filing(world, title="Painter repeats the faces of people"), Sender(email=proposal.email))
    assert mended.changes.get(position=1).body["name"] == "Painter repeats photographs"
    assert is_mended(mended)
    take_over(mended, editor, revision=mended.revision)
    assert mended.changes.get(position=1).body["name"] == "Painter repeats the faces of people"
    assert not is_mended(mended)
    with pytest.raises(Conflict, match="not mended since"):
        take_over(Proposal.objects.get(id=mended.id), editor, revision=mended.revision + 1)


def test_what_is_mended_in_part_is_not_answered_with(world: World) -> None:
    editor, proposal = person("editor"), filed(world)
    act(proposal, "take", editor)
    proposal = act(proposal, "ask", editor, reason="Which study is it?")
    mended = save_filing(proposal, filing(world, sources=[]), Sender(email=proposal.email))
    assert mended.decisions.filter(action="mend").count() == 1
    with pytest.raises(InvalidInput, match="Name at least one source"):
        move(mended, "answer", submitter(), reason="There is none.")
    whole = save_filing(mended, filing(world, summary="It repeats them rarely."), Sender(email=proposal.email))
    assert move(whole, "answer", submitter(), reason="Mended.").state == "triage"
    assert whole.changes.get(position=2).body["value"] == "It repeats them rarely."


def test_two_windows_that_save_parts_of_a_draft_keep_both(world: World) -> None:
    draft = start_filing(filing(world), Sender())
    stale = Proposal.objects.get(id=draft.id)
    save_part(draft, {"title": "Another title of it"}, lambda fresh: Sender())
    save_part(stale, {"told_how": "By letter."}, lambda fresh: Sender())
    draft.refresh_from_db()
    assert (draft.filing["title"], draft.filing["told_how"]) == ("Another title of it", "By letter.")


def test_a_save_that_was_overtaken_is_made_on_what_is_there_now(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, real, overtaken = start_filing(filing(world), Sender()), submit.save_filing, iter([True])

    def save(proposal: Proposal, *given: Any, **more: Any) -> Proposal:
        if next(overtaken, False):
            real(Proposal.objects.get(id=proposal.pk), filing(world, title="From another window"), Sender())
        return real(proposal, *given, **more)

    monkeypatch.setattr(submit, "save_filing", save)
    saved = save_part(draft, {"told_how": "By letter."}, lambda fresh: Sender())
    assert (saved.filing["title"], saved.filing["told_how"]) == ("From another window", "By letter.")


def test_a_draft_that_was_sent_is_not_thrown_away(world: World) -> None:
    draft = start_filing(filing(world), Sender())
    stale = Proposal.objects.get(id=draft.id)
    send_filing(draft, submitter())
    with pytest.raises(Conflict, match="sent already"):
        discard_draft(stale)
    gone = start_filing(filing(world), Sender())
    discard_draft(Proposal.objects.get(id=gone.id))
    with pytest.raises(Conflict, match="thrown away"):
        send_filing(gone, submitter())


def test_there_is_no_edition_of_the_future_to_draw_up_on(world: World) -> None:
    body = {"change": "add_alias", "record": world.model.slug, "text": "Painter fifteen"}
    for number in (-1, current_edition() + 1):
        with pytest.raises(InvalidInput, match=f"There is no edition {number}"):
            send_changes([body], Sender(), title="A name", reason="It is used.", base_edition=number)


def test_a_collection_rests_on_the_oldest_edition_that_any_change_of_it_was_drawn_up_on(world: World) -> None:
    editor, link = person("editor"), build.state(world.app, "described_as", "An app.")
    base = current_edition()
    build.amend(link, note="Somebody else was faster.")
    collect(editor, [{"change": "add_alias", "record": world.model.slug, "text": "Painter fifteen"}])
    collect(editor, [{"change": "amend_statement", "statement": link.id, "fields": {"note": "As its pages say."}}], base)
    sent = send_basket(editor, "A note", "It was missing.")
    assert sent.base_edition == base
    assert [(one.field, one.now) for one in differences(standing(sent), base)] == [("note", "Somebody else was faster.")]


def test_a_filing_rests_on_the_edition_that_it_was_last_written_on(world: World) -> None:
    draft = start_filing(filing(world), Sender())
    base = draft.base_edition
    build.amend(build.state(world.app, "described_as", "An app."), note="Later.")
    assert send_filing(draft, submitter()).base_edition == base
