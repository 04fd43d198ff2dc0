"""Tokens for programs: shown once, kept as digests, bounded in scope and time, revocable by their owner alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kb.accounts.models import Token
from kb.accounts.tokens import LONGEST_DAYS, MOST_OPEN, make_token, note_use, read_token, revoke_token
from kb.core import clock
from kb.core.errors import InvalidInput, NotFound
from tests.accounts.people import make_person, sign_in

pytestmark = pytest.mark.django_db
WRITE = ["proposals:write"]


def test_a_token_is_read_back_and_its_secret_is_not_stored() -> None:
    token, text = make_token(make_person(), "importer", WRITE, 30)
    assert read_token(text) == token
    secret = text.rpartition("_")[2]
    assert len(secret) >= 43
    assert secret not in str(Token.objects.values().get())


@pytest.mark.parametrize(
    "spoil", [str.upper, lambda text: text[:-1], lambda text: f"{text}x", lambda text: text[3:], lambda _: ""]
)
def test_anything_but_the_whole_token_opens_nothing(spoil: object) -> None:
    assert callable(spoil)
    assert read_token(spoil(make_token(make_person(), "importer", WRITE, 30)[1])) is None


@pytest.mark.parametrize("text", ["up__", "up_x_", "up", "_", "up_\0_x", "Bearer", "up_" + "é" * 40])
def test_what_is_no_token_opens_nothing(text: str) -> None:
    assert read_token(text) is None


def test_a_token_that_ran_out_was_revoked_or_lost_its_person_opens_nothing() -> None:
    gone, revoked, closed = (make_token(make_person(), "importer", WRITE, 30) for _ in range(3))
    Token.objects.filter(pk=gone[0].pk).update(expires=timezone.now() - timedelta(seconds=1))
    revoke_token(revoked[0].user, revoked[0].pk)
    type(closed[0].user).objects.filter(pk=closed[0].user_id).update(is_active=False)
    assert [read_token(text) for _, text in (gone, revoked, closed)] == [None, None, None]


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        (" ", WRITE, 30),
        ("x" * 81, WRITE, 30),
        ("see https://example.org/a", WRITE, 30),
        ("importer", [], 30),
        ("importer", ["everything"], 30),
        ("importer", WRITE, 0),
        ("importer", WRITE, LONGEST_DAYS + 1),
    ],
)
def test_a_token_has_a_name_known_scopes_and_at_most_a_year(name: str, scopes: list[str], days: int) -> None:
    with pytest.raises(InvalidInput):
        make_token(make_person(), name, scopes, days)
    assert not Token.objects.exists()


def test_a_person_has_a_bounded_number_of_open_tokens() -> None:
    person = make_person()
    tokens = [make_token(person, "importer", WRITE, 30)[0] for _ in range(MOST_OPEN)]
    with pytest.raises(InvalidInput, match="Revoke one first"):
        make_token(person, "importer", WRITE, 30)
    revoke_token(person, tokens[0].pk)
    make_token(person, "importer", WRITE, 30)


def test_nobody_revokes_the_token_of_another() -> None:
    token, _ = make_token(make_person(), "importer", WRITE, 30)
    with pytest.raises(NotFound):
        revoke_token(make_person(), token.pk)
    assert Token.objects.get().revoked is None


def test_of_its_use_the_day_is_kept_and_nothing_finer() -> None:
    token, _ = make_token(make_person(), "importer", WRITE, 30)
    note_use(token)
    assert Token.objects.get().last_used == clock.today()


def test_the_page_shows_the_secret_once(client: Client) -> None:
    sign_in(client, make_person())
    page = reverse("account_tokens")
    made = client.post(page, {"name": "importer", "scopes": WRITE, "days": 30})
    token, html = Token.objects.get(), made.content.decode()
    text = html[html.index(f'secret">up_{token.prefix}_') :].removeprefix('secret">').partition("<")[0]
    assert read_token(text) == token
    assert text not in client.get(page).content.decode()
    assert "no-store" in made.headers["Cache-Control"]


def test_the_page_revokes(client: Client) -> None:
    person = make_person()
    token, text = make_token(person, "importer", WRITE, 30)
    sign_in(client, person).post(reverse("account_token_revoke", args=[token.pk]))
    assert read_token(text) is None
    assert sign_in(Client(), make_person()).post(reverse("account_token_revoke", args=[token.pk])).status_code == 404
