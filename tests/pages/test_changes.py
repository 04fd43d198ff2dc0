"""What changed: nothing disappears silently, and every loss has its public reason."""

from datetime import date

import pytest
from django.test import Client

from kb.ledger.write import current_edition
from kb.records import changes as do
from kb.records.models import Evidence, Record, Statement
from tests import build
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db
REASON = "The maker took the line out of its card."


@pytest.fixture
def link(db: None) -> Statement:
    """App -> SD -> LAION."""
    laion, sd, app = build.dataset("LAION"), build.model("SD"), build.product("App")
    link = build.state(sd, "trained_on", laion)
    build.state(app, "uses_model", sd)
    return link


def test_without_losses_the_page_says_so(client: Client, link: Statement) -> None:
    assert "No step of lineage has been lost so far." in text_of(client, "/what-changed/")


def test_a_lost_step_stands_with_how_why_and_what_lost_its_path(client: Client, link: Statement) -> None:
    build.publishing(do.RetractStatement(statement=link.id), reason=REASON)
    text = text_of(client, "/what-changed/")
    assert f"edition {current_edition()} Reason given by test: {REASON} SD was trained on LAION" in text
    assert "Taken back by an editor." in text
    assert "Without this step 1 product has no other known path to LAION App" in text
    assert "Lost from this record is not proved untrue." in text


def test_a_step_that_no_source_asserts_any_more_is_shown_though_it_stands(client: Client, link: Statement) -> None:
    row = Evidence.objects.get(statement=link)
    build.publishing(do.AmendEvidence(evidence=row.id, fields={"last_seen": date(2026, 1, 1)}), reason=REASON)
    build.publishing(do.AmendEvidence(evidence=row.id, fields={"last_seen": None}), reason="It is back.")
    text = text_of(client, "/what-changed/")
    assert "Every source that said so says it no longer. The statement still stands." in text
    assert "It is back." not in text


def test_the_newest_edition_comes_first_and_the_list_is_paged(client: Client, link: Statement) -> None:
    app = Record.objects.get(name="App")
    for number in range(12):
        row = build.state(app, "uses_model", build.model(f"Model {number}"))
        build.publishing(do.RetractStatement(statement=row.id), reason=f"Reason {number}.")
    first, second = text_of(client, "/what-changed/"), text_of(client, "/what-changed/?page=2")
    assert first.index("Reason 11.") < first.index("Reason 10.")
    assert "Reason 1." not in first
    assert "Reason 1." in second


def test_the_lineage_of_a_record_says_what_it_lost_and_why(client: Client, link: Statement) -> None:
    first = current_edition()
    build.publishing(do.RetractStatement(statement=link.id), reason=REASON)
    text = text_of(client, f"/lineage/laion/changes/?from={first}&to={first + 1}")
    assert "0 products gained and 1 lost" in text
    assert f"SD was trained on LAION Reported · passes everything on · statement {link.id} Taken back by an editor." in text
    assert f"Edition {first + 1} : {REASON}" in text
    assert "Its path broke where SD was trained on LAION." in text
    assert "nothing." in text_of(client, f"/lineage/laion/changes/?from={first + 1}")
