"""The addresses of accounts: our own pages, then those of the accounts library, and the operations pages."""

from django.urls import URLPattern, URLResolver, include, path

from kb.accounts.admin import operations
from kb.pages.views import account, account_tokens, representatives

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", account.account, name="account"),
    path("account/sessions/", account.sessions, name="account_sessions"),
    path("account/sessions/end/", account.session_end, name="account_session_end"),
    path("account/close/", account.close, name="account_close"),
    path("account/tokens/", account_tokens.tokens, name="account_tokens"),
    path("account/tokens/<int:number>/revoke/", account_tokens.token_revoke, name="account_token_revoke"),
    path("account/parties/", representatives.ask_to_speak, name="account_parties"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/", include("allauth.account.urls")),
    path("desk/representatives/", representatives.representatives, name="desk_representatives"),
    path(
        "desk/representatives/<int:number>/decide/",
        representatives.representative_decide,
        name="desk_representative_decide",
    ),
    path("desk/representatives/<int:number>/end/", representatives.representative_end, name="desk_representative_end"),
    path("desk/admin/", operations.urls),
]
