"""Reading pages in tests: their text as a reader sees it."""

import re
from html import unescape

from django.test import Client


def text_of(client: Client, path: str) -> str:
    """The text of a page: without tags, blanks folded."""
    html = client.get(path).content.decode()
    return folded(html[html.index("<main") : html.index("</main>")])


def folded(html: str) -> str:
    """HTML without tags, blanks folded."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
