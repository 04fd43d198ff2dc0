"""The desk: who may see it, what its forms do, and that nothing of it is public."""

import pytest
from django.test import Client

from kb.accounts.models import User
from kb.records.models import Record, Statement
from kb.review.basket import basket_of
from kb.review.models import Decision, Proposal
from kb.review.submit import Sender, send_changes
from tests import build
from tests.accounts.people import make_person, sign_in
from tests.review.desk import World, act

ADDRESSES = (
    "/desk/", "/desk/?state=under_review&kind=issue&who=me&on=editors", "/desk/new/", "/desk/new/?key=Painter",
    "/desk/collected/", "/desk/figures/", "/desk/log/", "/desk/records/{record}/edit/", "/desk/records/{record}/split/",
    "/desk/change/add_alias/?record={record}", "/desk/change/create_record/?kind=report",
    "/desk/change/merge_record/?record={record}", "/desk/p/{key}/", "/desk/p/{key}/changes/1/amend/",
    "/desk/p/{key}/changes/2/amend/", "/desk/p/{key}/changes/add/", "/desk/p/{key}/changes/add/?change=add_statement",
)  # fmt: skip
FOR_EDITORS_ONLY = {where for where in ADDRESSES if any(part in where for part in ("/changes/", "log", "/split/"))}


def address(pattern: str, world: World, proposal: Proposal) -> str:
    return pattern.format(key=proposal.key, record=world.model.slug)


@pytest.mark.parametrize("pattern", ADDRESSES)
def test_a_page_of_the_desk_shows_to_editors_and_to_nobody_else(
    pattern: str, desk: Client, world: World, proposal: Proposal
) -> None:
    where = address(pattern, world, proposal)
    shown = desk.get(where)
    assert shown.status_code == 200, shown.content.decode()[-2000:]
    assert shown.content.decode().count("<h1") == 1
    assert "no-store" in shown["Cache-Control"]
    for role in ("reader", "contributor"):
        assert sign_in(Client(), make_person(role=role)).get(where).status_code == 404
    reviewer = 404 if pattern in FOR_EDITORS_ONLY else 200
    assert sign_in(Client(), make_person(role="reviewer")).get(where).status_code == reviewer
    assert Client().get(where).status_code == 302


def move(desk: Client, proposal: Proposal, code: str, **more: object) -> int:
    proposal.refresh_from_db()
    data = {"revision": proposal.revision, "reason": "Because it is so."} | more
    return desk.post(f"/desk/p/{proposal.key}/move/{code}/", data).status_code


def test_two_editors_publish_with_the_forms(desk: Client, proposal: Proposal) -> None:
    second = sign_in(Client(), make_person(role="editor"))
    assert (move(desk, proposal, "approve"), move(desk, proposal, "publish")) == (302, 409)
    assert (move(second, proposal, "approve"), move(second, proposal, "publish")) == (302, 302)
    proposal.refresh_from_db()
    assert proposal.state == "published"
    assert Record.objects.get(id=proposal.record_id).kind == "issue"


def test_a_decision_on_an_older_revision_is_shown_again_and_not_made(desk: Client, proposal: Proposal) -> None:
    answer = desk.post(f"/desk/p/{proposal.key}/move/approve/", {"revision": proposal.revision - 1 or 99})
    assert (answer.status_code, proposal.approvals.count()) == (409, 0)
    assert "changed since you opened it" in answer.content.decode()


def test_the_guard_reads_the_words_of_the_desk(desk: Client, proposal: Proposal) -> None:
    answer = desk.post(f"/desk/p/{proposal.key}/note/", {"text": "See https://example.org/list"})
    assert (answer.status_code, proposal.notes.count()) == (422, 0)
    assert "example.org/list" not in answer.content.decode()
    assert move(desk, proposal, "reject", reason="See magnet:?xt=urn:btih:" + "a" * 40) == 422
    proposal.refresh_from_db()
    assert proposal.state == "under_review"


def test_a_change_is_amended_with_a_form(desk: Client, proposal: Proposal) -> None:
    form = desk.get(f"/desk/p/{proposal.key}/changes/1/amend/").context["form"]
    filled = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    answer = desk.post(
        f"/desk/p/{proposal.key}/changes/1/amend/", filled | {"name": "Painter repeats portraits", "revision": proposal.revision}
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    body = proposal.changes.get(position=1).body
    assert (body["name"], body["ref"], body["detail"]["code"]) == ("Painter repeats portraits", "new:issue", "M01")


def test_a_statement_is_amended_without_losing_its_other_evidence(desk: Client, proposal: Proposal) -> None:
    item = proposal.changes.get(position=3)
    more = {"report": item.body["evidence"][0]["report"], "kind": "journalism", "gist": "Again.", "locator": "p. 2"}
    item.body["evidence"].append(more)
    item.save()
    form = desk.get(f"/desk/p/{proposal.key}/changes/3/amend/").context["form"]
    filled = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    answer = desk.post(
        f"/desk/p/{proposal.key}/changes/3/amend/", filled | {"note": "In version 1.5.", "revision": proposal.revision}
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    body = proposal.changes.get(position=3).body
    assert (body["note"], len(body["evidence"]), body["subject"]) == ("In version 1.5.", 2, "new:issue")


def test_a_change_is_declined_with_a_reason(desk: Client, proposal: Proposal) -> None:
    where = f"/desk/p/{proposal.key}/changes/2/judge/"
    assert desk.post(where, {"state": "declined", "revision": proposal.revision}).status_code == 400
    assert desk.post(where, {"state": "declined", "reason": "Too long.", "revision": proposal.revision}).status_code == 302
    assert proposal.changes.get(position=2).state == "declined"


def test_severity_is_assessed_whole_or_not_at_all(desk: Client, proposal: Proposal) -> None:
    where = f"/desk/p/{proposal.key}/severity/"
    assert desk.post(where, {"gravity": "2", "revision": proposal.revision}).status_code == 400
    whole = dict.fromkeys(("gravity", "scale", "irreversibility", "downstream_reach"), "2")
    assert desk.post(where, whole | {"revision": proposal.revision}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.severity["gravity"] == 2


def test_changes_are_collected_and_sent_as_one_proposal(desk: Client, editor: User, world: World) -> None:
    record = world.model.slug
    assert desk.post(f"/desk/change/add_alias/?record={record}", {"text": "Painter fifteen"}).status_code == 302
    assert desk.post(
        "/desk/change/create_record/?kind=report", {"name": "A second study", "fields_type": "study", "fields_published": "2025"}
    ).status_code == 302  # fmt: skip
    basket = basket_of(editor)
    assert basket is not None and basket.changes.count() == 2
    answer = desk.post("/desk/collected/send/", {"title": "A name and a study", "reason": "Both were missing."})
    assert answer.status_code == 302
    sent = Proposal.objects.get(kind="edit")
    assert (sent.state, sent.changes.count(), basket_of(editor)) == ("submitted", 2, None)
    other = make_person(role="editor")
    for code in ("take", "start_review", "approve"):
        act(sent, code, other)
    act(sent, "publish", other, reason="Both are right.")
    assert Record.objects.filter(name="A second study").exists()


def test_what_does_not_fit_stays_in_the_form(desk: Client, editor: User, world: World) -> None:
    answer = desk.post(f"/desk/change/merge_record/?record={world.model.slug}", {"into": "nothing-there"})
    assert answer.status_code == 400
    assert "There is no record" in answer.content.decode()
    assert basket_of(editor) is None
    assert desk.post("/desk/collected/send/", {"title": "x", "reason": "y"}).status_code == 400


def test_a_merge_and_its_undoing_are_proposals(desk: Client, world: World) -> None:
    double = build.model("Painter 1.5 again")
    other = make_person(role="editor"), make_person(role="editor")

    def through(code: str, data: dict[str, str]) -> None:
        desk.post(f"/desk/change/{code}/?record={double.slug}", data)
        desk.post("/desk/collected/send/", {"title": "The same model", "reason": "One model, two names."})
        sent = Proposal.objects.filter(kind="edit", state="submitted").get()
        for step in ("take", "start_review", "approve"):
            act(sent, step, other[0])
        act(sent, "approve", other[1])
        act(sent, "publish", other[1], reason="Compared.")

    through("merge_record", {"into": world.model.slug})
    assert Client().get(f"/r/{double.slug}/").url == world.model.path  # type: ignore[attr-defined]
    through("unmerge_record", {})
    assert Client().get(f"/r/{double.slug}/").status_code == 200


def test_a_split_moves_what_was_chosen(desk: Client, world: World) -> None:
    moved = Statement.objects.get(subject=world.model, predicate="trained_on")
    desk.post(f"/desk/records/{world.model.slug}/split/", {"name": "Painter 1.4", "statements": [moved.pk]})
    assert desk.get("/desk/collected/").status_code == 200
    desk.post("/desk/collected/send/", {"title": "Two models", "reason": "They were two."})
    sent = Proposal.objects.get(kind="edit")
    first, second = make_person(role="editor"), make_person(role="editor")
    for step in ("take", "start_review", "approve"):
        act(sent, step, first)
    act(sent, "approve", second)
    act(sent, "publish", second, reason="Compared.")
    part = Record.objects.get(name="Painter 1.4")
    assert Statement.objects.filter(subject=part, predicate="trained_on", retracted=False).exists()
    assert f"/r/{part.slug}/" in Client().get(world.model.path).content.decode()


def test_a_withdrawn_record_leaves_a_tombstone(desk: Client, world: World) -> None:
    desk.post(f"/desk/change/withdraw_record/?record={world.app.slug}", {})
    desk.post("/desk/collected/send/", {"title": "Never existed", "reason": "It was a hoax."})
    sent = Proposal.objects.get(kind="edit")
    first, second = make_person(role="editor"), make_person(role="editor")
    for step in ("take", "start_review", "approve"):
        act(sent, step, first)
    act(sent, "approve", second)
    act(sent, "publish", second, reason="The maker says that it never existed.")
    assert Client().get(world.app.path).status_code == 410
    assert desk.get(f"/desk/records/{world.app.slug}/edit/").status_code == 200
    desk.post(f"/desk/change/restore_record/?record={world.app.slug}", {})
    desk.post("/desk/collected/send/", {"title": "It exists", "reason": "It was no hoax."})
    restored = Proposal.objects.get(kind="edit", state="submitted")
    for step in ("take", "start_review", "approve"):
        act(restored, step, first)
    act(restored, "publish", first, reason="We found it in a shop.")
    assert Client().get(world.app.path).status_code == 200


def test_the_public_page_of_decisions_shows_published_ones_only(desk: Client, proposal: Proposal) -> None:
    before = Client().get("/decisions/").content
    proposal.refresh_from_db()
    assert proposal.title.encode() not in before
    act(proposal, "approve", make_person(role="editor"))
    assert Client().get("/decisions/").content == before
    second = make_person(role="editor")
    act(proposal, "approve", second)
    act(proposal, "publish", second, reason="Two of us read it.")
    after = Client().get("/decisions/").content.decode()
    assert proposal.title in after and "approved by 2 editors" in after and "Two of us read it." in after


def test_the_log_names_every_decision(desk: Client, proposal: Proposal) -> None:
    page = desk.get("/desk/log/").content.decode()
    assert Decision.objects.count() == page.count(f"/desk/p/{proposal.key}/")
    assert "Review begun</strong>" in page and "start_review</strong>" not in page
    assert "Taken on</strong>" not in desk.get("/desk/log/?action=start_review").content.decode()
    assert desk.get("/desk/log/?action=nothing").status_code == 400


def test_a_page_of_the_queue_takes_few_queries(
    desk: Client, world: World, proposal: Proposal, django_assert_max_num_queries: object
) -> None:
    desk.get("/desk/")
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        desk.get("/desk/")


def test_what_was_added_meanwhile_to_what_falls_is_shown_with_its_statement(desk: Client, world: World, editor: User) -> None:
    link = build.state(world.app, "described_as", "An app that draws.")
    body = {"change": "retract_statement", "statement": link.id}
    proposal = send_changes([body], Sender(), title="It is none", reason="Its help pages say so.")
    build.add_evidence(link, build.says(world.study, gist="A court found that it draws."))
    page = desk.get(f"/desk/p/{proposal.key}/").content.decode()
    assert all(words in page for words in ("New evidence", "A court found that it draws.", "It holds in spite of this"))
