"""What the pages of the desk show and offer: words for codes, forms that fit the state, and the way to a record."""

import re

from django.test import Client

from kb.accounts.models import User
from kb.review.basket import basket_of
from kb.review.models import Proposal
from tests.accounts.people import make_person
from tests.pages.reading import text_of
from tests.review.desk import World, act, filed


def test_a_record_is_found_by_its_name_its_id_or_its_address(desk: Client, world: World) -> None:
    leads_to = f"/desk/records/{world.model.slug}/edit/"
    for key in (world.model.slug, world.model.public_id, f"https://example.org{world.model.path}"):
        assert desk.get("/desk/new/", {"key": key}).headers["Location"] == leads_to
    assert leads_to in desk.get("/desk/new/?key=painter 1").content.decode()
    assert "No record has this name" in desk.get("/desk/new/?key=nothing").content.decode()


def test_the_reason_of_a_move_that_was_not_made_is_kept_in_its_form(desk: Client, proposal: Proposal) -> None:
    answer = desk.post(f"/desk/p/{proposal.key}/move/reject/", {"revision": 99, "reason": "It was measured wrongly."})
    assert answer.status_code == 409
    assert answer.content.decode().count("It was measured wrongly.") == 1


def test_the_forms_of_a_page_have_ids_of_their_own(desk: Client, proposal: Proposal) -> None:
    found = re.findall(r' id="([^"]+)"', desk.get(f"/desk/p/{proposal.key}/").content.decode())
    assert sorted(found) == sorted(set(found))


def test_a_move_asks_for_a_reason_only_where_one_is_kept(desk: Client, world: World) -> None:
    fresh = filed(world)
    shown = {one.move.code: one.form for one in desk.get(f"/desk/p/{fresh.key}/").context["page"].moves}
    assert [field.name for field in shown["take"].visible_fields()] == []
    act(fresh, "take", make_person(role="editor"))
    shown = {one.move.code: one.form for one in desk.get(f"/desk/p/{fresh.key}/").context["page"].moves}
    assert shown["reject"].fields["reason"].required and not shown["start_review"].fields["reason"].required


def test_publication_and_a_second_approval_are_not_offered_before_their_time(
    desk: Client, editor: User, proposal: Proposal
) -> None:
    act(proposal, "approve", editor)
    shown = {one.move.code: one.not_yet for one in desk.get(f"/desk/p/{proposal.key}/").context["page"].moves}
    assert (bool(shown["publish"]), bool(shown["approve"]), bool(shown["reject"])) == (True, True, False)
    act(proposal, "approve", make_person(role="editor"))
    shown = {one.move.code: one.not_yet for one in desk.get(f"/desk/p/{proposal.key}/").context["page"].moves}
    assert shown["publish"] == ""


def test_a_purged_change_stands_as_such_and_is_neither_judged_nor_amended(desk: Client, proposal: Proposal) -> None:
    proposal.changes.filter(position=3).update(body={}, state="declined")
    page = desk.get(f"/desk/p/{proposal.key}/")
    assert (page.status_code, page.context["page"].problem) == (200, "")
    assert "taken out for good" in page.content.decode()
    assert page.context["page"].rehearsal is not None
    where = f"/desk/p/{proposal.key}/changes/3"
    assert desk.get(f"{where}/amend/").status_code == 404
    assert desk.post(f"{where}/judge/", {"state": "accepted", "revision": proposal.revision}).status_code == 409


def test_a_page_says_codes_in_words(desk: Client, proposal: Proposal) -> None:
    text = text_of(desk, f"/desk/p/{proposal.key}/")
    assert "M01 Memorisation of training data" in text and "Paper, supports" in text
    assert "Review begun (now under review)" in text and "under_review" not in text


def test_what_is_rarely_filled_in_is_folded_until_it_holds_something(desk: Client, proposal: Proposal) -> None:
    where = f"/desk/p/{proposal.key}/changes/3/amend/"
    folded = {part.title: part.open for part in desk.get(where).context["form"].parts if part.folded}
    assert folded == {"More fields": False, "More about the evidence": False}
    item = proposal.changes.get(position=3)
    item.body["evidence"][0] |= {"confidence": "low", "confidence_reason": "One seed."}
    item.save()
    folded = {part.title: part.open for part in desk.get(where).context["form"].parts if part.folded}
    assert folded == {"More fields": False, "More about the evidence": True}


def test_what_was_collected_is_sent_without_what_a_purge_took_out(desk: Client, editor: User, world: World) -> None:
    for name in ("Painter fifteen", "Painter XV"):
        desk.post(f"/desk/change/add_alias/?record={world.model.slug}", {"text": name})
    collected = basket_of(editor)
    assert collected is not None
    collected.changes.filter(position=1).update(body={}, state="declined")
    shown = text_of(desk, "/desk/collected/")
    assert "Painter XV" in shown and "Painter fifteen" not in shown
    assert desk.post("/desk/collected/send/", {"title": "A name", "reason": "It was missing."}).status_code == 302
    assert Proposal.objects.get(kind="edit", state="submitted").changes.count() == 1


def test_a_word_of_a_list_is_written_as_it_is_shown(desk: Client, editor: User, world: World) -> None:
    where = f"/desk/change/add_statement/?record={world.data.slug}"
    assert desk.post(where, {"predicate": "checked_against_known_list", "value": "not done"}).status_code == 302
    assert desk.post(where, {"predicate": "figure", "qualifier": "links", "value": "5,850"}).status_code == 302
    collected = basket_of(editor)
    assert collected is not None
    first, second = (item.body for item in collected.changes.all())
    assert (first["value"], second["qualifier"], second["value"]) == ("not_done", "links", 5850)
    assert desk.post(where, {"predicate": "figure", "qualifier": "apples", "value": "1"}).status_code == 422
