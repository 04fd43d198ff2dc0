"""The steps of filing: what a submission needs, rows that come and go, and records that are named by id, slug or address."""

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from kb.pages.forms.filing import STEPS
from kb.pages.forms.record_field import key_in
from kb.records import changes as do
from kb.review.filing import Filing, missing
from kb.review.models import Proposal
from kb.review.submit import Sender, start_filing
from tests import build
from tests.accounts.people import make_person, sign_in
from tests.pages.reading import folded
from tests.review.desk import World, filing, make_world

pytestmark = pytest.mark.django_db
SENTENCE = "No record here has this id or address."


class Draft:
    """A draft, and the browser of whoever writes it."""

    def __init__(self, data: dict[str, Any]) -> None:
        person = make_person()
        self.browser, self.proposal = sign_in(Client(), person), start_filing(data, Sender(user=person))

    def path(self, step: str) -> str:
        return f"/file/{self.proposal.key}/{step}/"

    def page(self, step: str) -> str:
        return self.browser.get(self.path(step)).content.decode()

    def post(self, step: str, *rows: dict[str, str], kept: int = 0) -> Any:
        """Send rows of a step, of which the first `kept` were saved before."""
        data = {f"{step}-TOTAL_FORMS": str(len(rows)), f"{step}-INITIAL_FORMS": str(kept)}
        for number, row in enumerate(rows):
            data |= {f"{step}-{number}-{name}": value for name, value in (USUAL[step] | row).items()}
        return self.browser.post(self.path(step), data)

    def rows(self, step: str) -> list[dict[str, Any]]:
        self.proposal.refresh_from_db()
        return list(self.proposal.filing[step])


USUAL = {"artifacts": {"kind": "unresolved", "impact": "affected"}, "sources": {"type": "other", "kind": "paper"}}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def draft(world: World) -> Draft:
    return Draft({})


def labels(html: str) -> dict[str, str]:
    """The labels of a page, by the names of their fields."""
    found = re.findall(r'<label for="id_([\w-]+)">(.*?)</label>', html)
    return {name: folded(label) for name, label in found}


def test_what_a_submission_needs_is_never_called_optional(draft: Draft) -> None:
    told = labels(draft.page("found"))
    needed = {name for name in missing(Filing()) if name in told}
    assert needed == {"title", "summary", "how_known", "code"}
    assert all("(needed to submit)" in told[name] for name in needed)
    assert re.search(r"Fields of harm <span class=\"note\">\(needed to submit\)", draft.page("found"))
    rows = labels(draft.page("artifacts")) | labels(draft.page("sources"))
    for name in ("artifacts-0-record", "artifacts-0-name", "sources-0-record", "sources-0-title"):
        assert "(one of the two is needed to submit)" in rows[name]
    assert "(needed to submit)" in rows["sources-0-gist"]
    assert "(optional)" in rows["sources-0-publisher"]
    assert not [name for name, label in (told | rows).items() if "needed" in label and "optional" in label]


@pytest.mark.parametrize(("step", "word"), [("artifacts", "artifact"), ("sources", "source")])
def test_only_a_row_that_holds_something_offers_to_be_removed(draft: Draft, step: str, word: str) -> None:
    assert "Remove" not in draft.page(step) and "-DELETE" not in draft.page(step)
    assert draft.post(step, {"record": "", "name": "A name", "title": "A title"}).status_code == 302
    page = draft.page(step)
    assert f"{word.capitalize()} 1</legend>" in page and f"{word.capitalize()} 2</legend>" in page
    assert page.count(f"Remove this {word}") == 1
    assert f'name="{step}-0-DELETE"' in page and f'name="{step}-1-DELETE"' not in page
    assert draft.post(step, {"name": "A name", "title": "A title", "DELETE": "on"}, {}, kept=1).status_code == 302
    assert draft.rows(step) == []


def test_a_row_that_holds_one_thing_alone_is_kept(draft: Draft) -> None:
    assert draft.post("sources", {"publisher": "A newsroom"}, {"quotation": "So it is."}, {}).status_code == 302
    assert [(row["publisher"], row["quotation"]) for row in draft.rows("sources")] == [("A newsroom", ""), ("", "So it is.")]


@pytest.mark.parametrize("step", ["artifacts", "sources"])
def test_a_record_that_is_unknown_or_withdrawn_is_refused_in_its_step_in_the_same_words(
    draft: Draft, world: World, step: str
) -> None:
    gone = build.model("Old Painter") if step == "artifacts" else build.report("An old study")
    build.publishing(do.WithdrawRecord(record=gone.pk))
    said = []
    for key in ("UP-D-99999", "nothing-there", "/r/nothing-there/", "not a key", gone.public_id, gone.slug, gone.path):
        answer = draft.post(step, {"record": key})
        assert answer.status_code == 422, key
        page = unescape(answer.content.decode())
        assert re.search(rf'<div class="err" id="id_{step}-0-record_error"><p>{SENTENCE}', page)
        said.append(re.findall(rf'id="id_{step}-0-record_error"><p>(.*?)</p>', page)[0])
    assert len(set(said)) == 1
    assert draft.rows(step) == []


def test_a_record_of_another_kind_is_refused_in_its_step(draft: Draft, world: World) -> None:
    for step, record, words in (
        ("artifacts", world.study, "is no dataset, model or product."), ("sources", world.model, "is no report."),
    ):  # fmt: skip
        answer = draft.post(step, {"record": record.slug})
        assert (answer.status_code, words in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("step", ["artifacts", "sources"])
def test_a_record_is_named_by_id_slug_or_address(draft: Draft, world: World, step: str) -> None:
    record = world.model if step == "artifacts" else world.study
    ways = {
        record.slug: record.slug, record.public_id: record.public_id, record.path: record.slug,
        f"/id/{record.public_id}": record.public_id, f"{settings.SITE_ADDRESS}{record.path}": record.slug,
        f"https://testserver{record.path}?edition=1#statements": record.slug, f"/r/{record.slug}": record.slug,
    }  # fmt: skip
    for given, kept in ways.items():
        assert draft.post(step, {"record": given}).status_code == 302, given
        assert draft.rows(step)[0]["record"] == kept


@pytest.mark.parametrize(
    "text",
    [
        "https://elsewhere.example/r/midjourney/", "http://[broken/r/x/", "ftp://testserver/r/x/", "testserver/r/x/",
        "/lineage/x/", "/r/x/y/",
    ],
)  # fmt: skip
def test_only_the_address_of_a_record_page_here_is_read_as_one(text: str) -> None:
    assert key_in(text) == text


def test_a_row_with_an_unknown_record_can_be_removed(draft: Draft, world: World) -> None:
    gone = build.model("Old Painter")
    assert draft.post("artifacts", {"record": gone.slug}).status_code == 302
    build.publishing(do.WithdrawRecord(record=gone.pk))
    assert draft.post("artifacts", {"record": gone.slug}, {}, kept=1).status_code == 422
    assert draft.post("artifacts", {"record": gone.slug, "DELETE": "on"}, {}, kept=1).status_code == 302
    assert draft.rows("artifacts") == []


def test_saving_comes_before_adding_a_row_so_that_enter_goes_on(draft: Draft) -> None:
    page = draft.page("artifacts")
    assert page.index("Save and go on") < page.index("Save and add another")


@pytest.mark.parametrize("step", [*STEPS, "check"])
def test_a_step_says_where_one_is(world: World, step: str) -> None:
    draft = Draft(filing(world))
    page = draft.page(step)
    assert page.count("<h1") == page.count('aria-current="step"') == 1
    assert len(Proposal.objects.filter(key=draft.proposal.key)) == 1
