"""The picture as SVG: whole, escaped, readable without seeing it, and free of what a strict policy forbids."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kb.pages
from kb.lineage.view.draw import Imprint, inline, standalone
from kb.lineage.view.group import group
from kb.lineage.view.layout import lay_out
from kb.lineage.view.lettering import shorten, width, wrap
from kb.lineage.view.picture import Scene, Words
from kb.lineage.view.sheet import resolved_sheet
from tests.lineage.view.scenes import HOSTILE, STATUSES, Hostile, Plain, artifact, hostile, maker, scenes, star, step

CSS = Path(next(iter(kb.pages.__path__))) / "static" / "kb" / "css"
IMPRINT = Imprint("text{fill:red}", "https://example.org/lineage/laion-5b/?on=2024-01-02", "Upstream", 7)
SVG = "{http://www.w3.org/2000/svg}"


# Drawing takes time, and time on a busy machine is nothing to fail for.
some = settings(max_examples=40, deadline=None)


def drawn(scene: Scene, words: Words | None = None, *, table: bool = False) -> str:
    return inline(lay_out(group(scene, words or Plain())), "Lineage of <LAION-5B>", table=table)


def alone(scene: Scene, imprint: Imprint = IMPRINT, words: Words | None = None) -> str:
    return standalone(lay_out(group(scene, words or Plain())), "Lineage", imprint)


def links(text: str, part: str = "") -> list[ElementTree.Element]:
    """The links of a picture in their order, or its `cards` or `numbers` alone."""
    found = [one for one in ElementTree.fromstring(text).iter() if one.tag.removeprefix(SVG) == "a"]
    return [one for one in found if not part or (one.get("class") == "n") == (part == "numbers")]


def name_of(link: ElementTree.Element, text: str = "") -> str:
    """What a link is read out as: its label or title, or else its text with that of what it uses from the picture."""
    title = next((one.text or "" for one in link if one.tag.removeprefix(SVG) == "title"), "")
    shared = {f"#{one.get('id')}": one for one in ElementTree.fromstring(text).iter()} if text else {}
    words = (" ".join(shared.get(one.get("href", ""), one).itertext()) for one in link)
    return link.get("aria-label") or link.get("aria-labelledby") or title or " ".join(filter(None, words))


def small(**more: Any) -> Scene:
    """A dataset and a model made from it."""
    return Scene((artifact(0, "dataset", depth=0), artifact(1, **more)), (step(1, 1, 0),), 0, "downstream")


@some
@given(scenes(most=25), hostile())
def test_it_is_well_formed_whatever_the_names_are(scene: Scene, words: Hostile) -> None:
    for text in (drawn(scene, words), alone(scene, words=words)):
        root = ElementTree.fromstring(text)
        assert not [one for one in root.iter() if one.tag.removeprefix(SVG) in {"script", "b", "foreignObject", "image"}]
        assert not [name for one in root.iter() for name in one.attrib if name == "style" or name.startswith("on")]


@some
@given(scenes(most=25), hostile())
def test_every_address_is_one_that_a_page_may_follow(scene: Scene, words: Hostile) -> None:
    for address in (one.get("href", "") for one in links(drawn(scene, words))):
        assert not address.lower().startswith("javascript:")


@some
@given(scenes(most=25))
def test_columns_stand_from_left_to_right_each_with_its_heading_first_and_cards_downwards(scene: Scene) -> None:
    layout = lay_out(group(scene, Plain()))
    boxes = next(one for one in ElementTree.fromstring(inline(layout, "Lineage")).iter() if one.get("class") == "boxes")
    columns = [float(one.get("transform", "")[10:-1]) for one in boxes]
    assert columns == sorted(set(columns))
    assert all(column[0].get("class") == "h" for column in boxes)
    for column in boxes:
        tops = [float(one.get("y", "")) for card in column if card.get("class") is None for one in card.findall("use")[:1]]
        assert tops == sorted(tops)
    assert len([one for column in boxes for one in column if one.get("class") is None]) == len(layout.places)


@some
@given(scenes(most=25))
def test_each_card_is_followed_by_the_numbers_of_the_lines_that_lead_to_it(scene: Scene) -> None:
    layout = lay_out(group(scene, Plain()))
    told: list[tuple[str, str]] = []
    cards, here = iter(layout.places), ""
    for link in links(inline(layout, "Lineage")):
        if link.get("class") == "n":
            told.append((here, link[-1].text or ""))
        else:
            here = next(cards).box.key
    assert next(cards, None) is None
    assert sorted(told) == sorted((route.link.target, route.badge.text) for route in layout.routes)


@some
@given(scenes(most=25))
def test_every_card_and_number_says_in_words_what_it_is(scene: Scene) -> None:
    text = drawn(scene, table=True)
    assert all(name_of(link, text) for link in links(text))


def test_every_number_leads_to_its_row_of_evidence() -> None:
    assert [one.get("href") for one in links(drawn(star(3)), "numbers")] == ["#e1", "#e2", "#e3"]


class Elsewhere(Plain):
    """The rows stand on another page."""

    def step_href(self, number: int) -> str:
        return f"steps/#e{number}"


def test_a_number_is_named_by_its_row_where_there_is_one_and_a_bundle_by_what_it_stands_for() -> None:
    row, alone = (links(drawn(star(1), table=table), "numbers")[0] for table in (True, False))
    assert row.get("aria-labelledby") == "e1"
    assert alone.get("aria-label") == "Evidence 1: Step 1. Confirmed."
    text = drawn(star(1), Elsewhere(), table=True)
    assert name_of(links(text, "numbers")[0], text) == "Evidence of step 1"
    bundle = links(drawn(star(9, parties=1), table=True), "numbers")[0]
    assert bundle.get("aria-label") == "Evidence 1 and 8 more: from Artifact 0 to 9 models. Confirmed."


def test_a_bundle_shows_its_first_number_and_how_many_more() -> None:
    text = drawn(star(9, parties=1))
    assert ">1 +8</text>" in text
    assert 'href="?kind=model&amp;count=9#model"' in text


def test_a_card_names_kind_party_issues_and_silence_and_its_column_the_steps() -> None:
    text = drawn(small(party=maker(1), present_issues=1, undisclosed=True), Plain({1: "SD 1.5", maker(1): "Runway"}))
    card = next(one for one in links(text) if one.get("href") == "/models/1/")
    assert name_of(card, text) == "Model SD 1.5 Runway 1 issue present data not disclosed"
    assert ">1 step</text>" in text


def test_the_record_asked_about_a_group_and_a_cut_title_say_in_full_what_they_are() -> None:
    root, one = links(drawn(small(), Plain({1: "Averylongname " * 10})), "cards")
    assert name_of(root) == "Artifact 0. Dataset. The record asked about."
    assert name_of(one) == f"{('Averylongname ' * 10).strip()}. Model. 1 step away."
    assert name_of(links(drawn(star(9, parties=1)), "cards")[1]).endswith("Open the list.")


def test_a_record_without_issues_of_its_own_says_nothing_of_issues() -> None:
    assert "issue" not in drawn(small())


@pytest.mark.parametrize("status", STATUSES)
def test_a_line_has_the_class_of_its_status_and_only_a_disputed_one_a_cross(status: str) -> None:
    scene = Scene(star(1).artifacts, (step(1, 1, 0, status),), 0, "downstream")
    assert f'class="e {status}"' in drawn(scene)
    assert ('class="cross"' in drawn(scene)) == (status == "disputed")


def test_the_traced_path_is_drawn_last_of_the_lines() -> None:
    text = drawn(star(4, traced=frozenset({2})))
    assert text.rindex('class="e confirmed"') < text.index('class="e confirmed traced"')


def test_a_long_title_is_cut_but_kept_in_full_for_the_ear() -> None:
    name = "Averylongname " * 10
    text = drawn(small(), Plain({1: name}))
    assert "…</text>" in text
    assert name.strip() in text


def test_a_picture_on_its_own_has_absolute_addresses_and_says_where_it_is_from() -> None:
    text = alone(star(9, parties=1))
    addresses = [one.get("href", "") for one in links(text)]
    assert all(one.startswith("https://example.org/") for one in addresses)
    assert "https://example.org/lineage/laion-5b/?on=2024-01-02#e1" in addresses
    assert "Upstream, edition 7" in text


def test_a_style_sheet_cannot_end_its_own_element() -> None:
    ElementTree.fromstring(alone(small(), Imprint("</style><script/>", "https://example.org/", "S & Co", 1)))


def test_the_looks_of_a_picture_alone_are_the_sites_in_light_and_dark() -> None:
    sheet = resolved_sheet((CSS / "tokens.css").read_text(), (CSS / "lineage.css").read_text())
    assert "var(" not in sheet
    assert "prefers-color-scheme:dark" in sheet
    assert "#4b3f94" in sheet
    assert "#b3a9f2" in sheet
    assert "lineage-view" not in sheet


def test_every_class_that_is_drawn_has_a_rule() -> None:
    rules = (CSS / "lineage.css").read_text()
    scene = small(present_issues=1)
    names = {name for one in ElementTree.fromstring(drawn(scene)).iter() for name in one.get("class", "").split()}
    plain = {"confirmed", "lines", "boxes"}  # the looks of a line and of a kind are theirs
    assert {name for name in names - plain if f".{name}" not in rules} == set()


@settings(deadline=None)
@given(st.text(max_size=60) | st.sampled_from(HOSTILE), st.integers(40, 200))
def test_a_text_is_cut_to_its_room(text: str, room: int) -> None:
    assert width(shorten(text, room, 12), 12) <= room
    lines = wrap(text, room, 13, 2, bold=True)
    assert len(lines) <= 2
    assert all(width(line, 13, bold=True) <= room for line in lines)
