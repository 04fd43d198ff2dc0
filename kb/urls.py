"""Every address of the site: the API under /api/, the rest as pages."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("kb.api.urls")),
    path("", include("kb.pages.account_urls")),
    path("", include("kb.pages.urls")),
]
handler400 = "kb.pages.views.errors.bad_request"
handler403 = "kb.pages.views.errors.forbidden"
handler404 = "kb.pages.views.errors.not_found"
handler500 = "kb.pages.views.errors.server_error"
