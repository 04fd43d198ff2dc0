"""The pages of tokens for programs: make one, whose secret is shown once, and revoke it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from kb.accounts.models import Token
from kb.accounts.permissions import signed_in
from kb.accounts.tokens import make_token, revoke_token
from kb.core.errors import InvalidInput
from kb.pages.forms.account import NewToken
from kb.pages.views.account import person


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("text")
def tokens(request: HttpRequest) -> HttpResponse:
    """Show the person's tokens, and make one."""
    who, form, text = person(request), NewToken(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            text = make_token(who, **form.cleaned_data)[1]
        except InvalidInput as refusal:
            form.add_error(None, str(refusal))
    context = {"form": NewToken() if text else form, "tokens": Token.objects.filter(user=who), "secret": text}
    return render(request, "account/tokens.html", context)


@signed_in
@require_POST
def token_revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Revoke one."""
    token = revoke_token(person(request), number)
    messages.success(request, f"{token.name} is revoked.")
    return redirect("account_tokens")
