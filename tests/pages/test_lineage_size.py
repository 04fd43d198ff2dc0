"""A lineage page is read on any line: how many bytes it may have, as it is sent uncompressed."""

import gzip

import pytest
from django.test import Client

from kb.ledger.write import current_edition
from kb.lineage.ask import Question, ask, root_record
from kb.records.kinds import ARTIFACTS
from kb.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founding_world")]
MOST = 60 * 1024
LARGEST = ("common-crawl", "laion-5b")


def sizes(client: Client, paths: list[str]) -> dict[str, int]:
    return {path: len(client.get(path).content) for path in paths}


@pytest.mark.parametrize("direction", ["downstream", "upstream"])
def test_every_lineage_page_of_the_founding_world_stays_within_60_kib(client: Client, direction: str) -> None:
    records = Record.objects.filter(merged_into=None, kind__in=ARTIFACTS)
    found = sizes(client, [f"/lineage/{record.slug}/?direction={direction}" for record in records])
    assert found
    assert {path: size for path, size in found.items() if size > MOST} == {}


@pytest.mark.parametrize("slug", LARGEST)
@pytest.mark.parametrize("leads", ["", "&leads=1"])
def test_tracing_any_product_and_drawing_leads_keep_the_largest_pages_within_60_kib(
    client: Client, slug: str, leads: str
) -> None:
    answer = ask(Question(root_record(slug), "downstream"))
    products = [node.record for node in (*answer.outline.nodes, *answer.outline.lead_nodes) if node.kind == "product"]
    paths = [f"/lineage/{slug}/?trace={answer.record(product).slug}{leads}" for product in products]
    assert {path: size for path, size in sizes(client, paths).items() if size > MOST} == {}


def test_filters_which_every_trace_repeats_keep_the_page_of_laion_5b_within_60_kib(client: Client) -> None:
    edition = current_edition()
    asked = (
        f"trace=diffusionbee&on=2026-01-01&edition={edition}&depth=20&min_status=reported",
        f"trace=lensa-magic-avatars&leads=1&on=2026-01-01&edition={edition}",
    )
    paths = [f"/lineage/laion-5b/?{one}" for one in asked]
    assert {path: size for path, size in sizes(client, paths).items() if size > MOST} == {}


def test_the_pages_of_steps_stay_within_60_kib_and_all_of_it_is_small_when_compressed(client: Client) -> None:
    paths = [f"/lineage/{slug}/steps/?page={page}" for slug in LARGEST for page in (1, 2)]
    assert max(sizes(client, paths).values()) <= MOST
    assert all(len(gzip.compress(client.get(f"/lineage/{slug}/").content)) <= 14 * 1024 for slug in LARGEST)
