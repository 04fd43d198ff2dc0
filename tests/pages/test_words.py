"""Words accuse: what pages must say, and what they must never say."""

import re

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founding_world")]


def text_of(client: Client, path: str) -> str:
    """The text of a page as a reader sees it: without tags, blanks folded."""
    html = client.get(path).content.decode()
    html = re.sub(r"<select.*?</select>", " ", html, flags=re.DOTALL)
    body = re.sub(r"<[^>]+>", " ", html[html.index("<main") : html.index("</main>")])
    return " ".join(re.sub(r"&#x27;", "'", body).split())


def test_the_founding_question_is_answered_with_products_apart_from_leads(client: Client) -> None:
    text = text_of(client, "/lineage/laion-5b/")
    documented, leads = text.split("Leads to check", 1)
    assert "with a documented path known to Upstream" in documented
    assert "Stable Diffusion 1.5" in documented
    assert "InvokeAI" in documented
    assert "Lensa Magic Avatars" not in documented
    assert "Lensa Magic Avatars" in leads
    assert "version not stated" in leads
    assert "no census of the market" in documented


def test_a_use_names_its_source_and_when_it_was_checked(client: Client) -> None:
    assert re.search(
        r"Ran on Stable Diffusion 1\.5, according to [^;]+; last checked 22 November 2026\.",
        text_of(client, "/lineage/laion-5b/"),
    )


def test_a_product_says_what_is_not_disclosed(client: Client) -> None:
    text = text_of(client, "/lineage/midjourney/")
    assert "Training data not disclosed" in text
    assert "Not disclosed does not mean none." in text


def test_no_path_is_never_called_no_exposure(client: Client) -> None:
    text = text_of(client, "/lineage/common-crawl/?direction=upstream")
    assert "No known path. That is not evidence that there is none." in text
    assert "not exposed" not in text


def test_a_hazard_finding_says_that_two_editors_have_not_reviewed_it_and_where_to_report(client: Client) -> None:
    text = text_of(client, "/r/csam-links-in-laion-5b/")
    assert "not yet reviewed by two editors of Upstream" in text
    assert "NCMEC CyberTipline" in text
    assert "Do not download, copy or share it." in text
    assert "found by: outsiders" in text


def test_another_finding_does_not_ask_for_two_editors(client: Client) -> None:
    assert "two editors" not in text_of(client, "/r/misogyny-and-racism-in-laion/")


def test_a_fix_is_never_told_without_who_says_so(client: Client) -> None:
    text = text_of(client, "/r/csam-links-in-laion-5b/")
    assert re.search(r"is fixed in Re-LAION-5B according to LAION", text)


def test_presence_and_descent_stand_apart_and_severity_is_never_shown(client: Client) -> None:
    text = text_of(client, "/r/stable-diffusion-v1-5/")
    assert "Descent is not presence" in text
    reaching = text[text.index("Issues that reach it") :]
    possibly = reaching.index("Possibly inherited")
    assert reaching.index("Links to child sexual abuse material in LAION-5B") > possibly
    assert not re.search(r"\bS[1-5] (Informational|Low|Moderate|High|Critical)", text)


def test_the_cleaned_release_does_not_show_the_finding_it_fixed_as_inherited(client: Client) -> None:
    text = text_of(client, "/r/re-laion-5b/")
    reaching = text[text.index("Issues that reach it") :]
    remediated = reaching.index("Would reach it, and is fixed")
    assert reaching.index("Links to child sexual abuse material in LAION-5B") > remediated


def test_figures_say_what_each_counts(client: Client) -> None:
    text = text_of(client, "/r/csam-links-in-laion-5b/")
    for figure in ("1,008", "1,679", "3,226", "2,236"):
        assert figure in text
    assert "Figures on record: what each counts" in text


def test_roles_are_not_findings_of_fault(client: Client) -> None:
    assert "A role or an event is not a finding of fault." in text_of(client, "/r/laion-5b/")


def test_founding_records_say_that_nobody_was_asked_and_that_laws_were_not_assessed(client: Client) -> None:
    assert "Upstream has not yet asked this party" in text_of(client, "/r/stability-ai/")
    text = text_of(client, "/r/stable-diffusion-v1-5/")
    assert "Compiled from public sources; Upstream has not yet asked the parties named." in text
    assert "Upstream has not assessed which laws apply." in text


def test_a_confirmed_statement_says_by_whom(client: Client) -> None:
    assert "Confirmed by Runway" in text_of(client, "/r/stable-diffusion-v1-5/")


def test_a_filter_that_does_not_carry_is_shown_and_not_counted(client: Client) -> None:
    text = text_of(client, "/lineage/clip-vit-b-32/")
    assert "Tools and tests that carry nothing" in text
    assert "was filtered with" in text[text.index("Tools and tests that carry nothing") :]


def test_dates_have_their_month_in_words(client: Client) -> None:
    text = text_of(client, "/r/laion-5b/")
    assert "31 March 2022" in text
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", text)
