"""The picture as SVG: whole, escaped, readable without seeing it, and free of what a strict policy forbids."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kb.pages
from kb.lineage.view.draw import Imprint, inline, standalone
from kb.lineage.view.group import group
from kb.lineage.view.layout import lay_out
from kb.lineage.view.lettering import shorten, width, wrap
from kb.lineage.view.picture import Scene
from kb.lineage.view.sheet import resolved_sheet
from tests.lineage.view.scenes import HOSTILE, STATUSES, artifact, list_address, scenes, star, step

CSS = Path(next(iter(kb.pages.__path__))) / "static" / "kb" / "css"
IMPRINT = Imprint("text{fill:red}", "https://example.org/lineage/laion-5b/?on=2024-01-02", "Upstream", 7)
SVG = "{http://www.w3.org/2000/svg}"


# Drawing takes time, and time on a busy machine is nothing to fail for.
some = settings(max_examples=40, deadline=None)


def drawn(scene: Scene) -> str:
    return inline(lay_out(group(scene, list_address)), "Lineage of <LAION-5B>")


def alone(scene: Scene, imprint: Imprint = IMPRINT) -> str:
    return standalone(lay_out(group(scene, list_address)), "Lineage", imprint)


def links(text: str) -> list[ElementTree.Element]:
    return [one for one in ElementTree.fromstring(text).iter() if one.tag.removeprefix(SVG) == "a"]


def small(**more: object) -> Scene:
    """A dataset and a model made from it."""
    return Scene((artifact(0, "dataset", depth=0, title="LAION-5B"), artifact(1, **more)), (step(1, 1, 0),), 0, "downstream")  # type: ignore[arg-type]


@some
@given(scenes(most=25))
def test_it_is_well_formed_whatever_the_names_are(scene: Scene) -> None:
    for text in (drawn(scene), alone(scene)):
        root = ElementTree.fromstring(text)
        assert not [one for one in root.iter() if one.tag.removeprefix(SVG) in {"script", "b", "foreignObject", "image"}]
        assert not [name for one in root.iter() for name in one.attrib if name == "style" or name.startswith("on")]


@some
@given(scenes(most=25))
def test_every_address_is_one_that_a_page_may_follow(scene: Scene) -> None:
    for address in (one.get("href", "") for one in links(drawn(scene))):
        assert not address.lower().startswith("javascript:")


@some
@given(scenes(most=25))
def test_cards_come_first_and_then_numbers_each_from_left_to_right(scene: Scene) -> None:
    found = [(one.get("class") == "ev", one.get("transform", "")[10:-1].split(" ")) for one in links(drawn(scene))]
    order = [(number, float(place[0])) for number, place in found]
    assert order == sorted(order)


@some
@given(scenes(most=25))
def test_every_card_and_number_says_in_words_what_it_is(scene: Scene) -> None:
    assert all(one.get("aria-label") for one in links(drawn(scene)))


def test_every_number_leads_to_its_row_of_evidence() -> None:
    assert [one.get("href") for one in links(drawn(star(3))) if one.get("class") == "ev"] == ["#e1", "#e2", "#e3"]


def test_a_bundle_shows_its_first_number_and_how_many_more() -> None:
    text = drawn(star(9, parties=1))
    assert ">1 +8</text>" in text
    assert 'href="?kind=model&amp;party=P0#model"' in text


def test_a_card_names_kind_party_steps_issues_and_silence() -> None:
    scene = small(title="SD 1.5", party="Runway", present_issues=1, undisclosed=True)
    label = next(one.get("aria-label") for one in links(drawn(scene)) if one.get("href") == "/models/1/")
    assert label == "SD 1.5. Model. Runway. 1 step away. 1 issue present. Training data not disclosed."


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
    text = drawn(small(title=name))
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
    plain = {"confirmed", "bar", "lines"}  # the looks of a line and of a kind are theirs
    assert {name for name in names - plain if f".{name}" not in rules} == set()


@settings(deadline=None)
@given(st.text(max_size=60) | st.sampled_from(HOSTILE), st.integers(40, 200))
def test_a_text_is_cut_to_its_room(text: str, room: int) -> None:
    assert width(shorten(text, room, 12), 12) <= room
    lines = wrap(text, room, 13, 2, bold=True)
    assert len(lines) <= 2
    assert all(width(line, 13, bold=True) <= room for line in lines)
