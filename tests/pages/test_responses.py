"""Replies to Upstream stand beside the claim, contested is said in its line, and silence is never told as a fault."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client

from kb.lineage import step_rows
from kb.records.models import Statement
from tests import build
from tests.api.world import build_world
from tests.pages.reading import text_of


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    return build_world()


def html_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def line_of(page: str, mark: str) -> str:
    """The list item that holds the mark."""
    return next(item for item in page.split("<li")[1:] if mark in item.partition("</li>")[0])


def impact_of(world: SimpleNamespace) -> Statement:
    return Statement.objects.get(predicate="impact", subject=world.bias)


def test_a_reply_stands_beside_its_claim_verbatim_and_as_text(client: Client, world: SimpleNamespace) -> None:
    impact = impact_of(world)
    build.reply(world.bias, world.maker, statement=impact, text="We <b>disagree</b>.\n\nSecond paragraph.")
    for path, mark in (("/r/bias/", f'id="s{impact.id}"'), ("/r/pairs/", ">Bias in Pairs</a>")):
        line = line_of(html_of(client, path), mark)
        assert "Reply to Upstream of 9 January 2024." in line
        assert "We &lt;b&gt;disagree&lt;/b&gt;.</p>" in line
        assert "<p>Second paragraph.</p>" in line
        assert 'href="/r/maker/"' in line


def test_a_reply_about_the_record_has_a_section_and_stands_on_the_page_of_its_party(
    client: Client, world: SimpleNamespace
) -> None:
    build.reply(world.bias, world.maker)
    assert "Replies to Upstream What parties answered when Upstream asked them, in their own words;" in text_of(
        client, "/r/bias/"
    )
    given = text_of(client, "/r/maker/")
    assert "Its replies to Upstream" in given
    assert "About Bias in Pairs" in given
    assert "Replies to Upstream" not in text_of(client, "/r/crawl/")


def test_a_reply_to_a_statement_that_was_taken_back_is_still_shown(client: Client, world: SimpleNamespace) -> None:
    impact = impact_of(world)
    build.reply(world.bias, world.maker, statement=impact, text="It was not so.")
    build.retract(impact)
    assert "It was not so." in text_of(client, "/r/bias/")


def test_no_reply_says_by_when_and_that_it_is_no_evidence_of_fault(client: Client, world: SimpleNamespace) -> None:
    build.reply(world.bias, world.maker, state="no_response")
    silence = "Asked on 2 January 2024; no reply by 16 January 2024. This is not evidence of fault."
    assert silence in text_of(client, "/r/bias/")


@pytest.mark.parametrize(("state", "unasked"), [("no_response", False), ("waived", True)])
def test_nobody_was_asked_is_said_only_until_somebody_was(
    client: Client, world: SimpleNamespace, state: str, unasked: bool
) -> None:
    sentence = "Upstream has not yet asked the parties named"
    assert sentence in text_of(client, "/r/pairs/")
    reason = {"reason": "It is dissolved."} if state == "waived" else {}
    build.reply(world.pairs, world.maker, state=state, **reason)
    assert (sentence in text_of(client, "/r/pairs/")) == unasked


def test_contested_and_the_outcome_stand_in_the_line_of_the_claim(client: Client, world: SimpleNamespace) -> None:
    impact = impact_of(world)
    places = (("/r/bias/", f'id="s{impact.id}"'), ("/r/pairs/", ">Bias in Pairs</a>"))
    dispute = build.dispute(world.bias, world.maker, statement=impact)
    for path, mark in places:
        says = line_of(html_of(client, path), mark).partition("</p>")[0]
        assert '<strong class="contested">Contested</strong>' in says
        assert "Under review since 1 February 2024, raised by Pairs e.V.: The figure is wrong." in says
    build.decide(dispute)
    for path, mark in places:
        says = line_of(html_of(client, path), mark).partition("</p>")[0]
        assert "Contested</strong>" not in says
        assert "was upheld on 1 March 2024: The source was misread." in says


def test_a_contested_issue_is_contested_wherever_it_reaches(client: Client, world: SimpleNamespace) -> None:
    build.dispute(world.bias)
    head = html_of(client, "/r/bias/").partition("<h1")[2].partition("<section")[0]
    assert "Contested</strong>" in head
    reach = html_of(client, "/r/easel/").partition('id="reach"')[2]
    assert 'Bias in Pairs</a> <strong class="contested">' in " ".join(reach.split())
    assert "A hazard in Pairs</a> <strong" not in " ".join(reach.split())
    assert "Contested" in text_of(client, "/compare/?a=easel&b=painter")


def test_a_contested_step_is_marked_on_the_lineage_page_and_in_the_trace(client: Client, world: SimpleNamespace) -> None:
    trained = world.edges.trained
    assert "Contested" not in text_of(client, "/lineage/pairs/")
    build.dispute(world.painter, statement=trained)
    build.reply(world.painter, world.maker, statement=trained, text="It was another release.")
    for path in ("/lineage/pairs/", "/lineage/pairs/trace/easel/", "/lineage/pairs/trace/easel/?format=html"):
        text = text_of(client, path)
        assert "Contested Under review since 1 February 2024: The figure is wrong." in text, path
        assert "It was another release." in text, path


def test_a_product_of_a_large_answer_is_marked_where_a_step_of_its_path_is_contested(
    client: Client, world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_rows, "ON_PAGE", 0)
    assert "Contested" not in text_of(client, "/lineage/pairs/")
    build.dispute(world.painter, statement=world.edges.trained)
    assert re.search(r"Easel .{0,40}\d steps? Contested", text_of(client, "/lineage/pairs/"))
    assert "Under review since 1 February 2024: The figure is wrong." in text_of(client, "/lineage/pairs/steps/")


def test_a_withdrawn_record_shows_its_tombstone(client: Client, world: SimpleNamespace) -> None:
    build.withdraw(world.pairs, "It stood for two things.")
    for path in ("/r/pairs/", f"/id/{world.pairs.public_id}", "/lineage/pairs/", "/lineage/pairs/trace/easel/"):
        page = html_of(client, path, 410)
        assert page.count("<h1") == 1
        for word in (world.pairs.public_id, "Pairs-5B", "It stood for two things."):
            assert word in page, path
    assert "Pairs-5B" not in text_of(client, "/datasets/")
    assert "Pairs-5B" not in text_of(client, "/r/study/")
    assert "Pairs-5B" not in text_of(client, "/r/painter/")


def test_both_halves_of_a_split_name_each_other(client: Client, world: SimpleNamespace) -> None:
    part = build.split_off(world.pairs, "Pairs-400M", world.edges.collected)
    assert "Split from Pairs-5B" in text_of(client, part.path)
    assert "Part of this record was split off as Pairs-400M" in text_of(client, "/r/pairs/")


def test_the_guide_and_the_methods_show_replies_and_disputes(client: Client, db: None) -> None:
    assert "This is not evidence of fault." in text_of(client, "/styleguide/")
    methods = text_of(client, "/methods/")
    assert "Right of reply" in methods
    assert "Partly upheld" in methods
