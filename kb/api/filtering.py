"""The filters of records for the API: the very sets that the pages use, with errors in one sentence."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django_filters import FilterSet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.views import APIView

from kb.core.errors import InvalidInput


class StrictFilterBackend(DjangoFilterBackend):
    """Narrow a list by its set of filters; a value that a filter does not take is an error."""

    def filter_queryset(self, request: HttpRequest, queryset: "QuerySet[Any]", view: APIView) -> "QuerySet[Any]":
        """Return the narrowed rows. Raises InvalidInput."""
        chosen = self.get_filterset(request, queryset, view)
        if chosen is None:
            return queryset
        if not chosen.is_valid():
            raise InvalidInput(_sentence(chosen))
        return chosen.qs


def _sentence(chosen: FilterSet) -> str:
    """Say what is wrong with the first bad value."""
    name, errors = next(iter(chosen.form.errors.as_data().items()))
    given = str((chosen.data or {}).get(name, ""))[:40]
    if errors[0].code == "invalid_choice":
        return f"{name}: “{given}” is not one of its values. The schema at /api/schema/ lists them."
    return f"{name}: {errors[0].messages[0]}"
