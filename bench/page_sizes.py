"""The bytes of every lineage page of the world in the database, largest first: uncompressed, the picture's, compressed.

    KB_VAR=/tmp/founding manage.py migrate; KB_VAR=/tmp/founding manage.py seed
    KB_VAR=/tmp/founding python -m bench.page_sizes

Nothing is asserted here; tests/pages/test_lineage_size.py holds the limit.
"""

import argparse
import gzip
import re

from bench import setup

setup.django()

from django.test import Client, override_settings  # noqa: E402

from kb.records.kinds import ARTIFACTS  # noqa: E402
from kb.records.models import Record  # noqa: E402

_WAYS = ("direction=downstream", "direction=upstream", "direction=downstream&leads=1", "direction=upstream&leads=1")
_PICTURE = re.compile(rb'<svg class="lineage-picture".*?</svg>', re.DOTALL)


def main() -> None:
    """Ask for every page once and print the largest."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--most", type=int, default=20, help="how many to print")
    given = options.parse_args()
    slugs = Record.objects.filter(merged_into=None, kind__in=ARTIFACTS).values_list("slug", flat=True)
    addresses = [f"/lineage/{slug}/{page}?{way}" for slug in slugs for way in _WAYS[:2] for page in ("", "steps/")]
    addresses += [f"/lineage/{slug}/?{way}" for slug in slugs for way in _WAYS[2:]]
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        pages = {address: Client().get(address).content for address in addresses}
    print("| page | bytes | of them the picture | compressed |\n|---|---|---|---|")
    for address, body in sorted(pages.items(), key=lambda page: -len(page[1]))[: given.most]:
        picture = _PICTURE.search(body)
        print(f"| {address} | {len(body):,} | {len(picture[0]) if picture else 0:,} | {len(gzip.compress(body)):,} |")


if __name__ == "__main__":
    main()
