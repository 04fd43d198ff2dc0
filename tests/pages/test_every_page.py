"""Rules that hold on every page: reached, well-formed, without inline code, and honest about what is wrong."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kb.pages import urls as page_urls
from kb.records.kinds import KINDS_BY_PATH
from kb.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founding_world")]

PATHS = [
    "/", "/search/", "/search/?q=laion", "/editions/", "/editions/1/", "/sources/", "/methods/", "/styleguide/",
    "/decisions/", "/file/",
    "/report-material/",
    *(f"/{path}/" for path in KINDS_BY_PATH),
    *(f"/r/{slug}/" for slug in (
        "laion-5b", "stable-diffusion-v1-5", "midjourney", "csam-links-in-laion-5b", "thiel-2023", "eu-ai-act", "laion",
    )),
    *(f"/r/{slug}/statements/" for slug in ("laion-5b", "csam-links-in-laion-5b", "laion")),
    "/lineage/laion-5b/", "/lineage/midjourney/", "/lineage/stable-diffusion/", "/lineage/laion-5b/?kind=product&depth=3",
    "/lineage/laion-5b/steps/", "/lineage/laion-5b/steps/?page=2", "/lineage/midjourney/steps/?direction=downstream",
    "/lineage/laion-5b/changes/", "/lineage/laion-5b/changes/?from_date=2022&to_date=2025", "/what-changed/",
    "/lineage/laion-5b/trace/invokeai/", "/lineage/midjourney/trace/common-crawl/", "/lineage/midjourney/trace/invokeai/",
    "/compare/", "/compare/?a=invokeai&b=lensa-magic-avatars", "/compare/?a=laion&b=zzz", "/embed/lineage/laion-5b/",
    *(f"/statements/{number}/" for number in (1, 2, 3, 50, 100, 400)), "/decisions/",
]  # fmt: skip
VOID = {"base", "meta", "link", "input", "img", "br", "path", "hr"}


class Outline(HTMLParser):
    """What a page is made of: its headings, ids, tags left open, and inline code."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if (
            tag == "style"
            or (tag == "script" and "src" not in given)
            or "style" in given
            or any(name.startswith("on") for name in given)
        ):
            self.faults.append(f"inline code in <{tag}>")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        href = given.get("href") or ""
        self.targets += [href[1:]] if href.startswith("#") else []

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


def outline(html: str) -> Outline:
    parser = Outline()
    parser.feed(html)
    return parser


@pytest.mark.parametrize("path", PATHS)
def test_a_page_answers_with_one_main_heading_closed_tags_unique_ids_and_no_inline_code(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    found = outline(response.content.decode())
    assert found.headings.count("h1") == 1
    assert not found.faults
    assert not found.open
    assert len(found.ids) == len(set(found.ids))
    assert set(found.targets) <= set(found.ids)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_takes_scripts_styles_and_pictures_from_this_site_alone(client: Client, path: str) -> None:
    response = client.get(path)
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    named = r'<(?:link(?! rel="(?:alternate|canonical)")|img|script)[^>]+(?:href|src)="([^"]+)"'  # these are not loaded
    loaded = re.findall(named, response.content.decode())
    assert loaded
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)


def _patterns(resolver: URLResolver | None = None, prefix: str = "") -> list[str]:
    found: list[str] = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            found += _patterns(pattern, prefix + str(pattern.pattern))
        else:
            assert isinstance(pattern, URLPattern)
            found.append(prefix + str(pattern.pattern))
    return found


def test_every_pattern_of_pages_is_visited_here() -> None:
    visited = {path.split("?")[0].lstrip("/") for path in PATHS} | {"id/UP-D-1", "id/UP-D-1/", "oembed/"}
    visited |= {f"lineage/laion-5b/picture.{ending}" for ending in ("svg", "png")}
    visited |= {"desk/jobs/", "desk/jobs/1/retry/", "desk/jobs/1/drop/"}  # for administrators: test_operations.py
    for pattern in page_urls.urlpatterns:
        if isinstance(pattern, URLResolver):  # the desk and filing: tests/pages/desk, tests/access
            continue
        assert any(pattern.pattern.match(path) for path in visited), pattern


def test_every_record_has_a_page_and_an_id_that_leads_to_it(client: Client) -> None:
    for record in Record.objects.filter(merged_into=None):
        assert client.get(record.path).status_code == 200, record.slug
    leading = client.get("/id/up-d-1")
    assert leading.status_code == 302
    assert leading.headers["Location"] == Record.objects.get(kind="dataset", number=1).path


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere/", 404, "no page at this address"),
        ("/r/nowhere/", 404, "There is no record “nowhere”"),
        ("/id/UP-D-999999", 404, "There is no record"),
        ("/id/UP-Q-1", 404, "There is no record"),
        ("/editions/999999/", 404, "There is no edition 999999"),
        ("/datasets/?page=0", 404, "pages run from 1"),
        ("/datasets/?page=x", 404, "pages run from 1"),
        ("/datasets/?colour=red", 400, "“colour” is not a parameter here"),
        ("/datasets/?availability=gone", 400, "availability"),
        ("/search/?kind=planet", 400, "kind"),
        ("/search/?q=%00", 400, "characters that no text has"),
        ("/search/?q=%ff%fe", 400, "characters that no text has"),
        ("/search/?q=" + "a" * 10000, 400, "q"),
        ("/lineage/nowhere/", 404, "There is no record"),
        ("/lineage/thiel-2023/", 400, "Lineage runs through"),
        ("/lineage/laion-5b/?depth=-1", 400, "A depth is a whole number"),
        ("/lineage/laion-5b/?depth=many", 400, "not a whole number"),
        ("/lineage/laion-5b/?on=2023-13", 400, "not a date that exists"),
        ("/lineage/laion-5b/?on=yesterday", 400, "not a date"),
        ("/lineage/laion-5b/?edition=999999", 400, "There is no edition 999999"),
        ("/lineage/laion-5b/?edition=0", 400, "There is no edition 0"),
        ("/lineage/laion-5b/?min_status=rumour", 400, "not a status"),
        ("/lineage/laion-5b/?predicate=likes", 400, "not a relation"),
        ("/lineage/laion-5b/?kind=report", 400, "not a kind that lineage runs through"),
        ("/lineage/laion-5b/?direction=sideways", 400, "downstream or upstream"),
        ("/lineage/laion-5b/?depht=3", 400, "“depht” is not a parameter here"),
        ("/lineage/laion-5b/steps/?page=3", 404, "pages run from 1 to 2"),
        ("/lineage/nowhere/steps/", 404, "There is no record"),
        ("/lineage/nowhere/changes/", 404, "There is no record"),
        ("/lineage/thiel-2023/changes/", 400, "Lineage runs through"),
        ("/lineage/laion-5b/changes/?from=2&to=1", 400, "Edition 2 comes after edition 1"),
        ("/lineage/laion-5b/changes/?to=999999", 400, "There is no edition 999999"),
        ("/lineage/laion-5b/changes/?from=1&to_date=2024", 400, "not an edition with a date"),
        ("/lineage/laion-5b/changes/?from_date=2024&to_date=2020", 400, "give the earlier date first"),
        ("/lineage/laion-5b/changes/?from_date=3000", 400, "out of range"),
        ("/lineage/laion-5b/changes/?direction=sideways", 400, "downstream or upstream"),
        ("/what-changed/?page=7", 404, "pages run from 1"),
        ("/lineage/laion-5b/trace/nowhere/", 404, "There is no record"),
        ("/lineage/laion-5b/trace/laion/", 400, "Lineage runs through"),
        ("/lineage/laion-5b/trace/invokeai/?path=20", 404, "There is no path 20"),
        ("/lineage/laion-5b/trace/invokeai/?path=0", 400, "numbered from 1 to 20"),
        ("/lineage/laion-5b/trace/invokeai/?path=first", 400, "not a whole number"),
        ("/lineage/laion-5b/trace/invokeai/?format=pdf", 400, "html, for a file that stands alone"),
        ("/lineage/laion-5b/trace/invokeai/?edition=0", 400, "There is no edition 0"),
        ("/compare/?a=invokeai&b=invokeai", 400, "name two different records"),
        ("/compare/?a=thiel-2023", 400, "Lineage runs through"),
        ("/embed/lineage/nowhere/", 404, "There is no record"),
        ("/r/laion-5b/statements/?page=9", 404, "pages run from 1"),
        ("/r/nowhere/statements/", 404, "There is no record"),
        ("/statements/0/", 404, "There is no statement 0"),
        ("/statements/999999999/", 404, "There is no statement 999999999"),
        ("/statements/99999999999999999999/", 404, "There is no statement 99999999999999999999"),
        ("/statements/1/?edition=1", 400, "“edition” is not a parameter here"),
    ],
)  # fmt: skip
def test_an_error_that_a_reader_causes_is_one_clear_sentence(client: Client, path: str, status: int, words: str) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert words in response.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "{{ 7*7 }}", "' OR 1=1 --", "../../etc/passwd", "% _ %"])
def test_what_a_reader_types_is_shown_as_text(client: Client, text: str) -> None:
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    body = response.content.decode()
    assert "<script>alert" not in body
    assert ">49<" not in body


def test_pages_need_a_constant_number_of_queries_for_a_list(client: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/reports/")
