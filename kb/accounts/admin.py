"""The operations pages: Django's admin for people, who speaks for a party, and tokens, and for nothing else.

Nothing registers itself here; a test says that no public row is ever shown. Whoever may open them is said by
`requires_role`, as for every page: administrators with a second factor, and to others the pages do not exist.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kb.accounts.models import Representation, Token, User
from kb.accounts.people import keep_an_administrator
from kb.accounts.permissions import requires_role
from kb.accounts.roles import ADMIN


class Operations(admin.AdminSite):
    """The site, behind our own door."""

    site_header = "Upstream operations"
    site_title = "Upstream operations"
    index_title = "People"
    enable_nav_sidebar = False

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Put the door before every page."""
        return requires_role(ADMIN)(super().admin_view(view, cacheable))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign in where everybody does."""
        return redirect("account_login")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Sign out where everybody does."""
        return redirect("account_logout")


class NoAdding:
    """Rows that come about elsewhere."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody adds one here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody deletes one: accounts are closed, representations end, tokens are revoked."""
        return False


class People(NoAdding, admin.ModelAdmin):  # type: ignore[type-arg]
    """People: role, and whether they may sign in."""

    list_display = ("email", "role", "credit_name", "is_active", "date_joined", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("email", "credit_name", "username")
    fields = ("email", "username", "role", "credit_name", "is_active", "date_joined", "last_login", "closed")
    readonly_fields = ("email", "username", "credit_name", "date_joined", "last_login", "closed")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Keep somebody who gives roles. Raises Conflict."""
        if obj.role != ADMIN or not obj.is_active:
            keep_an_administrator(User.objects.get(pk=obj.pk))
        super().save_model(request, obj, form, change)


class Representations(NoAdding, admin.ModelAdmin):  # type: ignore[type-arg]
    """Who speaks for which party: made by verifying a request at /desk/representatives/, ended by giving a date."""

    list_display = ("user", "party_record_id", "verified_by", "since", "until")
    fields = ("user", "party_record_id", "verified_by", "how_verified", "since", "until")
    readonly_fields = ("user", "party_record_id", "verified_by", "how_verified", "since")


class Tokens(NoAdding, admin.ModelAdmin):  # type: ignore[type-arg]
    """Tokens without their secrets: revoked by giving a date."""

    list_display = ("user", "name", "prefix", "created", "expires", "last_used", "revoked")
    fields = ("user", "name", "prefix", "scopes", "created", "expires", "last_used", "revoked")
    readonly_fields = ("user", "name", "prefix", "scopes", "created", "expires", "last_used")


operations = Operations(name="operations")
operations.register(User, People)
operations.register(Representation, Representations)
operations.register(Token, Tokens)
