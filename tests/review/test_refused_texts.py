"""What the guard refuses is nowhere afterwards, whatever way it came: only the rule's name and a count remain (SAFETY 6)."""

import inspect
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from unittest.mock import patch
from xml.sax.saxutils import quoteattr

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core import mail
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from kb.accounts.models import RepresentationRequest, User
from kb.core.errors import UserError
from kb.feeds.models import Feed
from kb.jobs.models import Job
from kb.jobs.queue import enqueue
from kb.records.models import Record, Statement
from kb.review import asking, decide, dispute, edit, invite, reply, submit, taken_up
from kb.review.models import GuardCount, Proposal
from kb.review.screen import Refused
from kb.review.submit import Sender
from tests import build
from tests.accounts.people import make_person, sign_in
from tests.core.hostile_texts import HOSTILE, HOSTILE_IN_HAZARD
from tests.raw_files import files_with, site_files
from tests.review.desk import act, filed, filing, make_world, person, reviewed
from tests.review.marked import stored

MARK = "quaggamark"
# One text of each rule; those of the strict rules are sent where a hazard issue is concerned.
TEXTS = [(rule, f"{texts[0]} {MARK}") for rule, texts in HOSTILE.items()]
STRICT = [(rule, f"{texts[0]} {MARK}") for rule, texts in HOSTILE_IN_HAZARD.items()]
HAZARD = {"code": "M02", "frames": ["child_safety"]}


class Desk:
    """Proposals in each state, for ways in that need one."""

    def __init__(self, **more: Any) -> None:
        self.world, self.editor, self.other = make_world(), person("editor"), person("editor")
        self.draft = submit.start_filing(filing(self.world, **more), Sender())
        self.triage = act(filed(self.world, **more), "take", self.editor)
        self.review = reviewed(self.world, self.editor, **more)
        self.asked = act(act(filed(self.world, **more), "take", self.editor), "ask", self.editor, reason="Which release?")
        party, address = self.world.maker.id, "press@example.org"
        open_one = act(act(filed(self.world, **more), "take", self.editor), "start_review", self.editor)
        self.request = asking.ask(party, address, "From their own site.", self.editor, proposal=open_one)
        assert self.request.invitation is not None
        self.invitation = self.request.invitation
        answered = act(act(filed(self.world, **more), "take", self.editor), "start_review", self.editor)
        second = asking.ask(party, address, "From their own site.", self.editor, proposal=answered)
        assert second.invitation is not None
        self.reply = reply.receive(second.invitation, "We are looking into it.")
        self.unasked = act(act(filed(self.world, **more), "take", self.editor), "start_review", self.editor)
        about = self.hazard(self.world.data) if more else build.state(self.world.model, "licence", "MIT")
        self.case, _ = dispute.raise_dispute(about.subject, "This is not so.", statement=about)
        self.about = about

    def hazard(self, data: Record) -> Statement:
        issue = build.issue("Unlawful links in an index", code="D01", frames=["child_safety"])
        return build.state(issue, "impact", data, qualifier="affected")

    def move(self, proposal: Proposal, code: str, text: str, **details: Any) -> None:
        act(proposal, code, self.editor, text, **details)

    def change(self, text: str) -> dict[str, Any]:
        return {"change": "create_record", "ref": "new:issue", "kind": "issue", "name": text, "detail": self.detail()}

    def detail(self) -> dict[str, Any]:
        return {"code": self.review.filing["code"], "frames": list(self.review.filing["frames"])}

    def again(self, proposal: Proposal) -> tuple[Proposal, int]:
        proposal.refresh_from_db()
        return proposal, proposal.revision

    def sent(self, text: str, **more: Any) -> None:
        given: dict[str, Any] = {"title": "A correction", "reason": "It is wrong."} | more
        change = self.change(text if not more else "A plain title")
        submit.send_changes([change], given.pop("sender", Sender()), **given)


Way = Callable[[Desk, str], object]


def _filing(**path: Callable[[str], Any]) -> Way:
    ((name, made),) = path.items()
    return lambda desk, text: submit.start_filing(
        filing(desk.world, **({"code": desk.draft.filing["code"]} | {name: made(text)})), Sender()
    )


def _source(field: str) -> Way:
    source = {"title": "A study", "gist": "It says so."}
    return _filing(sources=lambda text: [source | {field: text}])


WAYS: dict[str, Way] = {
    "start_filing title": _filing(title=lambda text: text),
    "start_filing summary": _filing(summary=lambda text: text),
    "start_filing how_known": _filing(how_known=lambda text: text),
    "start_filing told_how": _filing(told_how=lambda text: text),
    "start_filing told_when": _filing(told_when=lambda text: text),
    "start_filing embargo_reason": _filing(embargo_reason=lambda text: text),
    "start_filing artifact": _filing(artifacts=lambda text: [{"name": text}]),
    "start_filing unknown field": _filing(**{MARK: lambda text: text}),
    **{f"start_filing source {field}": _source(field) for field in ("title", "publisher", "gist", "locator", "url", "published")},
    "start_filing credit": lambda desk, text: submit.start_filing(
        filing(desk.world, code=desk.draft.filing["code"]), Sender(credit="pseudonym", credit_name=text)
    ),
    "start_filing email": lambda desk, text: submit.start_filing(filing(desk.world), Sender(email=text)),
    "start_filing kind of credit": lambda desk, text: submit.start_filing(filing(desk.world), Sender(credit=text)),
    "save_filing summary": lambda desk, text: submit.save_filing(
        desk.draft, dict(desk.draft.filing) | {"summary": text}, Sender()
    ),
    "send_issue summary": lambda desk, text: submit.send_issue(
        filing(desk.world, code=desk.draft.filing["code"], summary=text), Sender()
    ),
    "send_issue credit": lambda desk, text: submit.send_issue(
        filing(desk.world, code=desk.draft.filing["code"]), Sender(credit="name", credit_name=text)
    ),
    "send_changes name": lambda desk, text: desk.sent(text),
    "send_changes title": lambda desk, text: desk.sent(text, title=text),
    "send_changes reason": lambda desk, text: desk.sent(text, reason=text),
    "send_changes credit": lambda desk, text: desk.sent(text, sender=Sender(credit="name", credit_name=text)),
    "move reject": lambda desk, text: desk.move(desk.review, "reject", text),
    "move ask": lambda desk, text: desk.move(desk.triage, "ask", text),
    "move publish": lambda desk, text: desk.move(desk.review, "publish", text),
    "move embargo": lambda desk, text: desk.move(desk.triage, "embargo", text, coordinator="The desk"),
    "move embargo coordinator": lambda desk, text: desk.move(desk.triage, "embargo", "Asked for.", coordinator=text),
    "move duplicate": lambda desk, text: desk.move(desk.triage, "mark_duplicate", "", duplicate_of=text),
    "move answer": lambda desk, text: decide.move(desk.asked, "answer", decide.Actor(submitter=True), reason=text),
    "move fields": lambda desk, text: desk.move(desk.triage, "start_review", "", fields={"more": text}),
    "amend_change": lambda desk, text: edit.amend_change(
        desk.again(desk.review)[0], 1, desk.change(text), desk.editor, revision=desk.review.revision
    ),
    "add_change": lambda desk, text: edit.add_change(
        desk.again(desk.review)[0], desk.change(text), desk.editor, revision=desk.review.revision
    ),
    "judge_change": lambda desk, text: edit.judge_change(
        desk.again(desk.review)[0], 1, "declined", text, desk.editor, revision=desk.review.revision
    ),
    "add_note": lambda desk, text: edit.add_note(desk.review, text, desk.editor),
    "add_restricted_evidence": lambda desk, text: edit.add_restricted_evidence(desk.review, text, "The desk", desk.editor),
    "add_restricted_evidence held by": lambda desk, text: edit.add_restricted_evidence(desk.review, "A list.", text, desk.editor),
    "ask": lambda desk, text: asking.ask(
        desk.world.maker.id, "press@example.org", text, desk.editor, proposal=desk.unasked
    ),
    "ask address": lambda desk, text: asking.ask(desk.world.maker.id, text, "Known.", desk.editor, proposal=desk.unasked),
    "waive": lambda desk, text: asking.waive(desk.unasked, desk.world.maker.id, text, desk.editor),
    "receive": lambda desk, text: reply.receive(desk.invitation, text),
    "moderate": lambda desk, text: reply.moderate(desk.reply, text, "", desk.editor),
    "moderate reason": lambda desk, text: reply.moderate(desk.reply, "We are […]", text, desk.editor),
    "make_invitation": lambda desk, text: invite.make_invitation(
        desk.world.maker.id, "press@example.org", text, desk.editor, proposal=desk.unasked
    ),
    "make_invitation address": lambda desk, text: invite.make_invitation(
        desk.world.maker.id, text, "Known.", desk.editor, proposal=desk.unasked
    ),
    "share": lambda desk, text: invite.share(
        desk.world.maker.id, "press@example.org", text, desk.editor, proposal=desk.unasked
    ),
    "share address": lambda desk, text: invite.share(desk.world.maker.id, text, "Known.", desk.editor, proposal=desk.unasked),
    "ask_again": lambda desk, text: asking.ask_again(desk.request, "press@example.org", text, desk.editor),
    "ask_again address": lambda desk, text: asking.ask_again(desk.request, text, "Known.", desk.editor),
    "confirm_answer": lambda desk, text: taken_up.confirm_answer(desk.request, text, desk.editor, revision=1),
    "take_back": lambda desk, text: taken_up.take_back(desk.request, text, desk.editor),
    "read_reply": lambda desk, text: reply.read_reply(desk.request, text),
    "take_reply": lambda desk, text: reply.take_reply(desk.request, text),
    "raise_dispute": lambda desk, text: dispute.raise_dispute(desk.about.subject, text, statement=desk.about),
    "raise_dispute name": lambda desk, text: dispute.raise_dispute(desk.about.subject, "No.", statement=desk.about, name=text),
    "raise_dispute address": lambda desk, text: dispute.raise_dispute(desk.about.subject, "No.", email=text),
    "step ground": lambda desk, text: dispute.step(desk.case, "under_review", desk.editor, ground=text),
    "step outcome": lambda desk, text: dispute.step(desk.case, "withdrawn", None, outcome=text),
}  # fmt: skip
# What takes no text that is kept: keys, receipts, tokens, numbers, words of a vocabulary, people.
TAKES_NONE = {
    "send_filing", "sent_before", "by_receipt", "assess", "assign", "confirm_current", "request_of", "decline", "is_cut_of",
    "close_unanswered", "open_invitation", "revoke", "acknowledge_by", "dispute_by_receipt", "check_recipient",
    "take_refusal", "note_opening", "locked", "check_waits", "note", "refuse_barred", "refuse_interested", "is_hazard_request",
    "put_on_record", "send_once", "save_part", "discard_draft", "close_link", "is_moot", "is_mended", "take_over", "ask_anew",
    "refuse_about_withdrawn", "may_take_up", "may_take_back",
}  # fmt: skip


def test_every_function_that_takes_texts_of_people_is_tried_here() -> None:
    modules = (asking, submit, decide, edit, reply, invite, dispute, taken_up)
    functions = {
        name
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert {way.split(" ")[0] for way in WAYS} | TAKES_NONE == functions


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def traces(heard: pytest.LogCaptureFixture) -> list[str]:
    """Where the mark is found: tables (sessions, caches and jobs are some), logs, letters, and every file of the site."""
    letters = [str(letter.message()) for letter in mail.outbox]
    looked = {"tables": stored(), "logs": heard.text, "letters": "\n".join(letters)}
    return [*(name for name, text in looked.items() if MARK in text), *files_with(MARK, site_files())]


def send(desk: Desk, way: Way, texts: list[tuple[str, str]]) -> list[str]:
    """Send each text; return the rules by which they were refused. Other errors that people cause end a way as well."""
    rules = []
    for _, text in texts:
        try:
            way(desk, text)
        except Refused as refusal:
            assert MARK not in str(refusal)
            rules.append(refusal.rule)
        except UserError:
            continue
        else:
            pytest.fail("the text was taken")
    return rules


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["plain", "hazard"])
def test_a_refused_text_is_nowhere_and_its_rule_is_counted(kind: str, heard: pytest.LogCaptureFixture) -> None:
    desk = Desk(**(HAZARD if kind == "hazard" else {}))
    texts = TEXTS + (STRICT if kind == "hazard" else [])
    expected: dict[str, int] = {}
    for name, way in WAYS.items():
        # An address and a reference are never read by the strict rules.
        rules = send(desk, way, TEXTS if "address" in name or "email" in name or "unknown" in name else texts)
        assert rules or name in NEVER_TEXTS, name
        for rule in rules:
            expected[rule] = expected.get(rule, 0) + 1
    assert traces(heard) == []
    assert dict(GuardCount.objects.values_list("rule", "count")) == expected


# A word of a vocabulary, and the one field that takes an address: what else is written there is refused as what it is not.
NEVER_TEXTS = {"start_filing kind of credit", "start_filing source url"}


# the faces: every view that takes a POST

NEWS = "https://news.example.org/feed"
A_FEED = {"address": NEWS, "title": "News", "folder": "", "weight": 3, "left_out": "none"}
# What is sent to each view that takes words of a person. Their own addresses and credentials are no words.
FORMS: dict[str, Callable[[str], dict[str, Any]]] = {
    "account/": lambda text: {"credit_name": text},
    "account/tokens/": lambda text: {"name": text, "scopes": ["read"], "days": 9},
    "account/parties/": lambda text: {"party": "UP-P-1", "work_email": "a@example.org", "reason": text},
    "desk/representatives/<int:number>/decide/": lambda text: {"act": "refuse", "answer": text},
    "desk/jobs/<int:number>/drop/": lambda text: {"reason": text},
    "account/signup/": lambda text: {"email": text, "password1": "nine green lanterns sail"},
    "account/email/": lambda text: {"email": text, "action_add": ""},
    "account/login/": lambda text: {"login": text, "password": text},
    "account/password/reset/": lambda text: {"email": text},
    "desk/feeds/add/": lambda text: {"address": text},
    "desk/feeds/new/": lambda text: A_FEED | {"title": text},
    "desk/feeds/opml/": lambda text: {
        "text": f'<opml version="2.0"><body><outline xmlUrl="{NEWS}" text={quoteattr(text)}/></body></opml>'
    },
    "desk/feeds/<int:number>/": lambda text: A_FEED | {"folder": text},
}
# Buttons, passwords and codes: what is sent is compared or counted, and kept by none but the libraries of accounts, as digests.
WORDLESS = {
    "account/sessions/end/", "account/close/", "account/tokens/<int:number>/revoke/", "account/logout/",
    "account/reauthenticate/", "account/password/change/", "account/password/set/", "account/login/code/confirm/",
    r"account/^confirm-email/(?P<key>[-:\w]+)/$", r"account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "account/second-factor/authenticate/", "account/second-factor/reauthenticate/", "account/second-factor/totp/activate/",
    "account/second-factor/totp/deactivate/", "account/second-factor/recovery-codes/generate/",
    "account/second-factor/recovery-codes/download/", "desk/representatives/", "desk/representatives/<int:number>/end/",
    "desk/jobs/", "desk/jobs/<int:number>/retry/", "desk/feeds/<int:number>/<str:code>/", "desk/feeds/<int:number>/remove/",
    "desk/feeds/<int:number>/moves/<int:event>/undo/",
}  # fmt: skip
# Accounts and operations: roles and switches; the texts there are read-only.
ADMINISTRATION = "desk/admin/"
# The desk and filing: what is written there goes through the functions of review that are tried above.
BY_REVIEW = {
    "desk/p/<str:key>/move/<str:code>/", "desk/p/<str:key>/changes/<int:position>/judge/", "desk/p/<str:key>/severity/",
    "desk/p/<str:key>/confirm/", "desk/p/<str:key>/take-over/",
    "desk/p/<str:key>/note/", "desk/p/<str:key>/restricted/", "desk/p/<str:key>/assign/",
    "desk/p/<str:key>/changes/add/", "desk/p/<str:key>/changes/<int:position>/amend/", "desk/records/<str:slug>/split/",
    "desk/change/<str:code>/", "desk/collected/send/", "desk/collected/<int:position>/remove/", "file/",
    "file/<str:key>/check/", "file/<str:key>/discard/", "file/<str:key>/<str:step>/", "submissions/",
    "submissions/<str:key>/<str:code>/", "api/v1/proposals/", "api/v1/proposals/<str:key>/withdraw/",
    "api/v1/proposals/<str:key>/answer/", "finding/<str:token>/", "account/requests/<int:number>/",
    "correct/record/<str:slug>/", "correct/statement/<int:number>/",
    "dispute/record/<str:slug>/", "dispute/statement/<int:number>/", "dispute/followed/<str:key>/withdraw/",
    "desk/p/<str:key>/replies/ask/", "desk/p/<str:key>/replies/waive/", "desk/p/<str:key>/replies/share/",
    "desk/p/<str:key>/links/<int:number>/revoke/", "desk/replies/<int:number>/", "desk/replies/<int:number>/again/",
    "desk/replies/<int:number>/holds/", "desk/replies/<int:number>/take-back/",
    "desk/records/<str:slug>/ask/", "desk/disputes/<str:key>/<str:code>/", "desk/inbox/<int:number>/",
    "desk/inbox/<int:number>/<str:code>/",
}  # fmt: skip
# Pages that are only read: who they are for is asked before how.
READ = {
    "desk/", "desk/new/", "desk/collected/", "desk/log/", "desk/figures/", "desk/p/<str:key>/", "desk/records/<str:slug>/edit/",
    "file/<str:key>/receipt/", "submissions/<str:key>/", "desk/disputes/", "desk/disputes/<str:key>/", "account/requests/",
    "desk/feeds/", "desk/feeds/opml/export/", "desk/inbox/",
}  # fmt: skip
# What answers a POST as a GET and reads nothing of it.
PAGES = {"api/"}
LISTS = "^(?P<kind_path>"
# A browser sends no halves of characters.
SENDABLE = [(rule, text) for rule, text in TEXTS if rule != "lone_surrogate"]


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, route)
        else:
            yield route, one


def answer(pattern: URLPattern, admin: User, session: Any) -> tuple[int, bool]:
    """How a view answers a POST, and whether it read what was sent. An error says that it takes one."""
    known = pattern.pattern.converters
    regex = getattr(pattern.pattern, "regex", None) if not known else None
    given = dict.fromkeys(regex.groupindex, "x") if regex is not None else {}
    given |= {name: 1 if type(one).__name__ == "IntConverter" else "x" for name, one in known.items()}
    request: Any = RequestFactory().post("/somewhere/", {"a": "b"})
    request.user, request.session, request._dont_enforce_csrf_checks = admin, session, True
    request._messages = FallbackStorage(request)
    status = 0
    with patch.object(WSGIRequest, "_load_post_and_files", autospec=True, side_effect=_load) as load, suppress(Exception):
        status = pattern.callback(request, **given).status_code
    return status, load.called


_load = WSGIRequest._load_post_and_files


@pytest.mark.django_db
def test_every_view_that_takes_a_post_is_listed_and_pages_read_nothing_of_it(client: Client) -> None:
    admin = make_person("admin")
    session = sign_in(client, admin).session
    taking, reading = set(), set()
    for route, pattern in patterns(get_resolver()):
        status, read = answer(pattern, admin, session)
        listed = LISTS if route.startswith(LISTS) else ADMINISTRATION if route.startswith(ADMINISTRATION) else route
        taking |= {listed} if status != 405 else set()
        reading |= {listed} if read else set()
    assert taking - READ == {*FORMS, *WORDLESS, *BY_REVIEW, *PAGES, ADMINISTRATION}
    assert reading.isdisjoint(PAGES)


@pytest.mark.django_db(transaction=True)
def test_what_a_form_refuses_is_nowhere(client: Client, heard: pytest.LogCaptureFixture, settings: Any) -> None:
    settings.EMAIL_BACKEND = "kb.jobs.mail.QueuedBackend"
    build.party("Maker")
    admin, anybody = make_person("admin"), make_person("contributor")
    RepresentationRequest.objects.create(user=anybody, party_record_id=1, work_email="a@example.org", reason="I work there.")
    job = enqueue("mail", key="a", payload={})
    feed = Feed.objects.create(url="https://old.example.org/", title="Old news")
    numbers = {"jobs": job, "feeds": feed.pk}
    for route, form in FORMS.items():
        asked = next((number for area, number in numbers.items() if area in route), RepresentationRequest.objects.get().pk)
        path = "/" + route.replace("<int:number>", str(asked))
        for rule, text in SENDABLE:
            visitor = Client() if route in {"account/signup/", "account/login/", "account/password/reset/"} else client
            if visitor is client:
                sign_in(client, admin if route.startswith("desk") else anybody)
            said = visitor.post(path, form(text))
            assert said.status_code in {200, 302, 400, 422, 429}, (route, rule, said.status_code)
    assert traces(heard) == []
    assert RepresentationRequest.objects.get().decided is None
    assert Job.objects.get(id=job).state == "waiting"
    assert list(Feed.objects.values_list("title", "folder")) == [("Old news", "")]
