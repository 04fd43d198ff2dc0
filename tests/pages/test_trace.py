"""The trace: a chain that a journalist can cite, whose digest is that of everything shown."""

import hashlib
import json
import re
from base64 import b64encode

import pytest
from django.test import Client

from kb.ledger.chain import canonical
from kb.ledger.write import current_edition
from tests.pages.reading import folded, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founding_world")]
TRACE = "/lineage/laion-5b/trace/invokeai/"


def steps_of(html: str) -> list[str]:
    return [folded(one) for one in re.findall(r"<h3>(.*?)</h3>", html, re.DOTALL)]


def test_steps_are_numbered_from_the_dataset_to_the_product_each_with_status_source_and_parties(client: Client) -> None:
    html = client.get(TRACE).content.decode()
    steps = steps_of(html)
    assert [step.split(".")[0] for step in steps] == [str(number) for number in range(1, len(steps) + 1)]
    assert steps[0].endswith("LAION-5B")
    assert steps[-1].split(". ")[1].startswith("InvokeAI")
    text = text_of(client, TRACE)
    assert "Who did what at each step. A role is not a finding of fault." in text
    assert "Confirmed by LAION" in text
    assert re.search(r"Who did what: LAION-2B-en was created by LAION \(confirmed\)", text)
    assert "https://laion.ai/blog/laion-5b/ · last checked 22 November 2026" in text
    assert "fault" not in text.replace("not a finding of fault", "")


def test_the_other_direction_tells_the_same_chain(client: Client) -> None:
    there, back = (client.get(path).content.decode() for path in (TRACE, "/lineage/invokeai/trace/laion-5b/"))
    assert steps_of(there) == steps_of(back)
    assert re.search(r'upstream:sha256" content="(\w+)"', there)[1] == re.search(r'upstream:sha256" content="(\w+)"', back)[1]  # type: ignore[index]


def test_the_digest_is_that_of_the_canonical_json_of_everything_shown(client: Client) -> None:
    html, answer = client.get(TRACE).content.decode(), client.get(f"{TRACE}?format=json").json()
    digest = hashlib.sha256(canonical(answer["content"]).encode()).hexdigest()
    assert digest == answer["sha256"]
    assert f'<meta name="upstream:sha256" content="{digest}">' in html
    assert f"content {digest[:12]}." in folded(html)
    for step in answer["content"]["steps"]:
        assert step["child"]["name"] in html
        assert all(row["gist"] in folded(html) for row in step["evidence"])
    assert client.get(f"{TRACE}?path=2&format=json").json()["sha256"] != digest


def test_it_names_its_edition_and_says_that_dated_addresses_come_later(client: Client) -> None:
    text = text_of(client, TRACE)
    assert f"edition {current_edition()}, " in text
    assert "Dated addresses that keep these very bytes come later" in text
    assert f"{TRACE}?path=1&edition={current_edition()}" in text


def test_other_paths_can_be_chosen_and_what_is_not_listed_is_counted(client: Client) -> None:
    first, second = (steps_of(client.get(f"{TRACE}?path={number}").content.decode()) for number in (1, 2))
    assert first != second
    text = text_of(client, f"{TRACE}?path=2")
    assert "Path 2" in text
    assert re.search(r"(\d+|More than \d+) more (is|are) known and not listed\.", text)
    qualities = re.findall(r"(?:Path \d|This path) ?: (\d+ steps?, [^;]+);", text)
    equal = qualities.count(qualities[0])
    words = f"{equal} paths, the first among them, are equally" if equal > 1 else "No other path is as strong and as short"
    assert words in text


def test_no_path_is_never_called_no_exposure(client: Client) -> None:
    text = text_of(client, "/lineage/midjourney/trace/invokeai/")
    assert "No known path. That is not evidence that there is none." in text
    assert "not exposed" not in text


@pytest.mark.parametrize("form", ["", "?format=html"])
def test_where_no_path_is_known_there_is_nothing_to_cite_and_no_content_hash(client: Client, form: str) -> None:
    html = client.get(f"/lineage/midjourney/trace/invokeai/{form}").content.decode()
    assert "No known path. That is not evidence that there is none." in folded(html)
    for words in ("To cite", "content hash", "upstream:sha256", "SHA-256"):
        assert words not in html
    assert "upstream:sha256" in client.get(f"{TRACE}{form}").content.decode()


def test_a_path_with_an_inferred_step_is_a_lead_and_not_a_finding(client: Client) -> None:
    text = text_of(client, "/lineage/laion-5b/trace/lensa-magic-avatars/")
    assert "A lead to check, not a finding" in text


def test_the_file_stands_alone_and_its_styles_are_allowed_by_their_digest(client: Client) -> None:
    response = client.get(f"{TRACE}?format=html")
    html = response.content.decode()
    assert re.fullmatch(
        r'attachment; filename="upstream-laion-5b-to-invokeai-edition-\d+\.html"', response.headers["Content-Disposition"]
    )
    styles = re.search(r"<style>(.*)</style>", html, re.DOTALL)
    assert styles
    allowed = b64encode(hashlib.sha256(styles[1].encode()).digest()).decode()
    policy = response.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{allowed}'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<(?:link|script|img|iframe)\b| style=| on\w+=", html)
    assert all(address.startswith("http") for address in re.findall(r'href="([^"]+)"', html))
    assert steps_of(html)[: len(steps_of(client.get(TRACE).content.decode()))] == steps_of(client.get(TRACE).content.decode())
    assert json.dumps(client.get(f"{TRACE}?format=json").json()["sha256"]).strip('"') in html


def test_a_path_follows_only_the_steps_that_the_question_follows_and_says_so(client: Client) -> None:
    filtered = f"{TRACE}?min_status=confirmed&depth=9&on=2024-06-01"
    text = text_of(client, filtered)
    words = "only steps that are at least confirmed, at most 9 steps away, on 1 June 2024"
    assert f"Under this question ({words}): " in text
    answer = client.get(f"{filtered}&format=json").json()["content"]
    assert answer["filters"] == {"min_status": "confirmed", "depth": 9, "on": "2024-06-01"}
    assert {step["status"] for step in answer["steps"]} == {"confirmed"}
    assert f"{TRACE}?path=1&min_status=confirmed&depth=9&on=2024-06-01&edition={current_edition()}" in text
    html = client.get(filtered).content.decode()
    assert f'href="{TRACE}?min_status=confirmed&amp;depth=9&amp;on=2024-06-01&amp;path=2"' in html
    assert f'<a href="{TRACE}">The same without these filters</a>' in html


def test_where_filters_leave_no_path_the_page_says_under_which_question(client: Client) -> None:
    text = text_of(client, f"{TRACE}?depth=1")
    assert "Under this question (at most 1 step away): no known path. That is not evidence that there is none." in text


def test_a_page_under_filters_leads_to_traces_under_the_same(client: Client) -> None:
    html = client.get("/lineage/laion-5b/?min_status=confirmed&kind=product").content.decode()
    assert 'href="trace/invokeai/?min_status=confirmed"' in html


@pytest.mark.parametrize("wrong", ["depth=-1", "on=2024-13-01", "min_status=certain", "kind=product"])
def test_filters_that_are_none_are_refused_with_a_sentence(client: Client, wrong: str) -> None:
    response = client.get(f"{TRACE}?{wrong}")
    assert response.status_code == 400
    assert response.content.decode().count("<h1") == 1
