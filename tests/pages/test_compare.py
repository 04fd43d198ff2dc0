"""Two records side by side: shared and own, leads apart, issues by class and never added up, no severity."""

import re

import pytest
from django.test import Client

from tests import build
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> None:
    """Paint and Draw share SD on LAION; Paint alone has Photos; Draw has SD by inference only."""
    laion, photos = build.dataset("LAION"), build.dataset("Photos")
    sd, other = build.model("SD"), build.model("Other")
    paint, draw, guess = build.product("Paint"), build.product("Draw"), build.product("Guess")
    build.state(sd, "trained_on", laion)
    build.state(other, "trained_on", photos)
    for user, used in ((paint, sd), (draw, sd), (paint, other)):
        build.state(user, "uses_model", used)
    build.state(guess, "uses_model", sd, status="inferred")
    build.state(build.issue("Bias in LAION"), "impact", laion, qualifier="affected", status="confirmed")
    build.state(paint, "disclosure", "not_disclosed", qualifier="training_data")
    build.model("Twin"), build.dataset("Twin")


def part(text: str, first: str, last: str) -> str:
    return text[text.index(first) : text.index(last, text.index(first))]


def test_shared_and_own_ancestors_stand_apart(client: Client, world: None) -> None:
    text = text_of(client, "/compare/?a=paint&b=draw")
    shared = part(text, "Built into both", "Built into one")
    assert "SD" in shared and "LAION" in shared and "Photos" not in shared
    own = part(text, "Built into one", "Issues that reach each")
    assert "Photos" in own and "LAION" not in own
    assert "2 documented ancestors in common." in text


def test_what_a_lead_alone_shares_is_counted_in_nothing(client: Client, world: None) -> None:
    text = text_of(client, "/compare/?a=paint&b=guess")
    assert "No documented ancestor in common; 2 as leads to check." in text
    assert "SD" in part(text, "Perhaps built into both", "Built into one")


def test_issues_stand_by_class_for_each_without_sums_or_severity(client: Client, world: None) -> None:
    issues = text_of(client, "/compare/?a=paint&b=laion").split("Issues that reach each", 1)[1]
    assert "Present in it (1) Bias in LAION" in issues
    assert "Inherited along documented steps that carry everything (1) Bias in LAION" in issues
    assert "everity" not in issues
    assert not re.search(r"\d+ issues", issues)


def test_one_that_is_built_on_the_other_says_so_and_silence_is_named(client: Client, world: None) -> None:
    text = text_of(client, "/compare/?a=Paint&b=UP-M-1")
    assert "Paint is itself built on SD." in text
    assert "Training data not disclosed Paint . What is not disclosed is not none." in text


def test_an_ambiguous_name_lists_candidates_and_an_unknown_one_says_so(client: Client, world: None) -> None:
    text = text_of(client, "/compare/?a=twin+&b=nobody")
    assert "Nothing is called “nobody”" in text
    response = client.get("/compare/?a=Twi&b=sd")
    assert "Which “Twi”?" in response.content.decode()
    assert re.findall(r'href="\?a=(UP-\w-\d+)&amp;b=sd"', response.content.decode())


def test_the_form_works_without_anything_given(client: Client, world: None) -> None:
    assert "Compare two products or models" in text_of(client, "/compare/")
