"""The rules by which a feed leaves items out before anything of them is stored: one function for each word of ITEM_RULES."""

import re
from collections.abc import Callable, Mapping

from kb.feeds.parse.document import Entry

Leaves = Callable[[Entry], bool]
# arXiv says of each paper in its feeds how it is announced.
_REPLACED = re.compile(r"\bannounce type:\s*replace(?:-cross)?\b", re.I)


def _none(entry: Entry) -> bool:
    return False


def _is_replacement(entry: Entry) -> bool:
    return bool(_REPLACED.search(entry.text[:300]))


LEAVES_OUT: Mapping[str, Leaves] = {"none": _none, "arxiv_new": _is_replacement}
