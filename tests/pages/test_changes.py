"""What changed: nothing disappears silently, and every loss has its public reason."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

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
    assert "0 documented products gained and 1 lost (1 then, 0 at the end)" in text
    assert f"SD was trained on LAION Reported · passes everything on · statement {link.id} Taken back by an editor." in text
    assert f"Edition {first + 1} : {REASON}" in text
    assert "Its path broke where SD was trained on LAION." in text
    assert "nothing." in text_of(client, f"/lineage/laion/changes/?from={first + 1}")


def test_leads_that_lost_their_path_are_never_added_to_documented_products(client: Client, link: Statement) -> None:
    family, sd = build.model("Stable"), Record.objects.get(name="SD")
    build.state(sd, "version_of", family)
    build.state(build.product("Only the family"), "uses_model", family)
    build.state(build.product("Guessed"), "uses_model", sd, status="inferred")
    build.publishing(do.RetractStatement(statement=link.id), reason=REASON)
    text = text_of(client, "/what-changed/")
    assert "Without this step 1 product has no other known path to LAION App Not counted: 2 that were only leads" in text
    assert "disputed, with no other known path Guessed , Only the family" in text


def test_where_only_a_lead_was_lost_no_product_is_counted(client: Client, link: Statement) -> None:
    other = build.dataset("Other")
    guess = build.state(Record.objects.get(name="SD"), "trained_on", other, status="inferred")
    build.publishing(do.RetractStatement(statement=guess.id), reason=REASON)
    assert "No product lost a documented path. Not counted: 1 that was only a lead" in text_of(client, "/what-changed/")


def test_a_loss_between_the_two_moments_is_never_hidden(client: Client, link: Statement) -> None:
    """It came and went: neither end of the span shows it."""
    build.publishing(do.RetractStatement(statement=link.id), reason=REASON)
    text = text_of(client, "/lineage/laion/changes/")
    assert ": nothing differs between the two." in text
    assert f"On the way 1 step was lost or no longer asserted , in 1 edition, the last in edition {current_edition()}" in text
    assert "1 product lost a documented path by that" in text
    assert f"Reason given by test: {REASON} SD was trained on LAION" in text
    body = client.get("/api/v1/lineage/laion/diff/").json()
    assert body["statement"] == "The two moments do not differ; what was lost on the way between them is listed."
    assert [(one["edition"], one["reason"], one["lost"]) for one in body["on_the_way"]] == [(current_edition(), REASON, 1)]
    assert [step["statement"] for step in body["on_the_way"][0]["steps"]] == [link.id]


def test_losses_on_the_way_are_those_alone_that_led_on_from_the_record_then(client: Client, link: Statement) -> None:
    sd, app = Record.objects.get(name="SD"), Record.objects.get(name="App")
    elsewhere = build.state(app, "uses_model", build.model("Elsewhere"))
    build.publishing(do.RetractStatement(statement=elsewhere.id), reason="Of another model.")
    build.publishing(do.RetractStatement(statement=link.id), reason="The first step.")
    later = build.state(build.product("Later"), "uses_model", sd)
    build.publishing(do.RetractStatement(statement=later.id), reason="After the model had left.")
    below = text_of(client, "/lineage/laion/changes/")
    assert "The first step." in below
    assert "Of another model." not in below
    assert "After the model had left." not in below
    assert "After the model had left." in text_of(client, "/lineage/sd/changes/")
    up = text_of(client, "/lineage/app/changes/?direction=upstream")
    assert "Of another model." in up
    assert "The first step." in up


def test_a_lost_chain_is_followed_from_the_record_on_through_lost_steps(client: Client, link: Statement) -> None:
    use = Record.objects.get(name="App").statements.get()
    build.publishing(do.RetractStatement(statement=use.id), do.RetractStatement(statement=link.id), reason="Both.")
    text = text_of(client, "/lineage/laion/changes/")
    assert "On the way 2 steps were lost" in text


def test_leads_are_never_added_to_documented_products_gained(client: Client, link: Statement) -> None:
    build.state(build.product("Guessed"), "uses_model", Record.objects.get(name="SD"), status="inferred")
    text = text_of(client, "/lineage/laion/changes/")
    assert "1 documented product gained and 0 lost (0 then, 1 at the end)" in text
    assert "Not counted among them: 1 lead to check gained and 0 lost." in text


def test_a_second_view_reads_no_history_again(client: Client, link: Statement, nothing_kept: None) -> None:
    """However long the history of losses is: what past editions lost is worked out once."""
    app = Record.objects.get(name="App")

    def lose(times: int) -> None:
        for number in range(times):
            row = build.state(app, "uses_model", build.model(f"Model {number}"))
            build.publishing(do.RetractStatement(statement=row.id), reason=REASON)

    counts = []
    for times in (10, 25):
        lose(times)
        client.get("/what-changed/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/what-changed/").status_code == 200
        counts.append(len(queries))
        assert not [one for one in queries if "records_statementversion" in one["sql"]]
    assert counts[0] == counts[1]


def test_a_new_loss_is_added_to_those_that_are_known(client: Client, link: Statement) -> None:
    build.publishing(do.RetractStatement(statement=link.id), reason="The first.")
    assert "The first." in text_of(client, "/what-changed/")
    app = Record.objects.get(name="App")
    build.publishing(do.RetractStatement(statement=app.statements.get().id), reason="The second.")
    text = text_of(client, "/what-changed/")
    assert text.index("The second.") < text.index("The first.")


def test_what_is_known_of_one_chain_is_never_told_of_another(client: Client, link: Statement) -> None:
    with transaction.atomic():
        build.publishing(do.RetractStatement(statement=link.id), reason="Rolled back.")
        assert "Rolled back." in text_of(client, "/what-changed/")
        transaction.set_rollback(True)
    assert "No step of lineage has been lost so far." in text_of(client, "/what-changed/")
    build.publishing(do.RenameRecord(record=link.subject_id, name="Other"), reason="A name.")
    assert "No step of lineage has been lost so far." in text_of(client, "/what-changed/")


def test_a_renamed_record_is_told_by_its_name_of_now(client: Client, link: Statement) -> None:
    build.publishing(do.RetractStatement(statement=link.id), reason=REASON)
    assert "SD was trained on LAION" in text_of(client, "/what-changed/")
    build.publishing(do.RenameRecord(record=link.subject_id, name="Stable Diffusion"))
    assert "Stable Diffusion was trained on LAION" in text_of(client, "/what-changed/")


def test_an_undone_merge_stands_among_the_losses(client: Client, link: Statement) -> None:
    copy, tool = build.dataset("Copy"), build.product("Tool")
    build.state(tool, "retrieves_over", copy)
    build.merge(copy, Record.objects.get(name="LAION"))
    build.publishing(do.UnmergeRecord(record=copy.id), reason="They are two.")
    text = text_of(client, "/what-changed/")
    assert "They are two." in text
    assert "Copy was read as one with LAION The two records are no longer read as one." in text
    assert "no other known path to LAION Tool" in text


def test_a_merge_undone_to_no_effect_is_no_loss(client: Client, link: Statement) -> None:
    alone = build.dataset("Alone")
    build.merge(alone, build.dataset("Another"))
    build.publishing(do.UnmergeRecord(record=alone.id))
    assert "No step of lineage has been lost so far." in text_of(client, "/what-changed/")


def test_a_long_list_of_changes_is_cut_and_says_how_many_more_there_are(
    client: Client, link: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.pages.changes_page.ROWS", 2)
    before, laion = current_edition(), Record.objects.get(name="LAION")
    for place in range(5):
        build.state(build.model(f"Net {place}"), "trained_on", laion)
    text = text_of(client, f"/lineage/laion/changes/?from={before}")
    assert "5 steps gained and 0 lost" in text
    assert "Gained ( 5 ) Net 0" in text.replace("(5)", "( 5 )") and "Net 1" in text and "Net 2" not in text
    assert text.count("3 more are not shown here. All of them are in the JSON that is linked above.") == 2
    listed = client.get(f"/api/v1/lineage/laion/diff/?from={before}").json()
    assert len(listed["others"]["gained"]) == len(listed["edges"]["gained"]) == 5


def test_the_page_of_changes_reads_no_more_however_much_changed(
    client: Client, link: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.pages.changes_page.ROWS", 2)
    before, laion = current_edition(), Record.objects.get(name="LAION")
    counts = []
    for turn in range(2):
        for place in range(3):
            build.state(build.model(f"Net {turn} {place}"), "trained_on", laion)
        client.get(f"/lineage/laion/changes/?from={before}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/lineage/laion/changes/?from={before}")
        counts.append(len(queries))
    assert counts[0] == counts[1]
