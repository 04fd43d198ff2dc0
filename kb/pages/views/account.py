"""A person's own account: what is known of them, their sessions, and closing it. Tokens and parties have pages of their own.

Signing in, addresses, passwords and the second factor are the accounts library's pages, in our templates.
"""

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kb.accounts.models import User
from kb.accounts.people import close_account
from kb.accounts.permissions import has_second_factor, signed_in
from kb.accounts.representation import parties_of
from kb.accounts.roles import ROLES
from kb.accounts.sessions import end_other_sessions, end_session, open_sessions
from kb.accounts.tokens import open_tokens
from kb.core.errors import NotFound
from kb.pages.forms.account import CloseAccount, CreditName
from kb.records.models import Record


def person(request: HttpRequest) -> User:
    """Return who is signed in. Raises NotFound for nobody, where a page forgot to ask."""
    if not isinstance(request.user, User):
        raise NotFound("There is no page at this address.")
    return request.user


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show the account, and take the name for credit."""
    who = person(request)
    form = CreditName(request.POST or None, instance=User.objects.get(pk=who.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your name for credit is saved.")
        return redirect("account")
    context = {
        "form": form, "who": who, "role": ROLES[who.role], "has_second_factor": has_second_factor(who),
        "address": EmailAddress.objects.get_verified(who), "sessions": len(open_sessions(who, request.session.session_key)),
        "tokens": open_tokens(who).count(), "parties": Record.objects.filter(pk__in=parties_of(who)).order_by("name"),
    }  # fmt: skip
    return render(request, "account/account.html", context)


@signed_in
@require_http_methods(["GET", "HEAD"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Show the person's sessions."""
    found = open_sessions(person(request), request.session.session_key)
    return render(request, "account/sessions.html", {"sessions": found})


@signed_in
@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """End one session, or all others."""
    who, handle = person(request), request.POST.get("session", "")
    ended = int(end_session(who, handle)) if handle else end_other_sessions(who, request.session.session_key)
    messages.success(request, "1 session ended." if ended == 1 else f"{ended} sessions ended.")
    return redirect("account_sessions")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Close the account, once the person has signed it with the password."""
    who, form = person(request), CloseAccount(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if who.check_password(form.cleaned_data["password"]):
            close_account(User.objects.get(pk=who.pk))
            logout(request)
            return render(request, "account/closed.html")
        form.add_error("password", "This password is wrong.")
    return render(request, "account/close.html", {"form": form})
