"""Filters of replies and disputes, for pages and API alike."""

from typing import Any

import django_filters as filters
from django.db.models import Model, QuerySet

from kb.records.filters import record_ids
from kb.records.models import Dispute, Reply
from kb.records.vocabularies import DISPUTE_STATES, RIGHT_OF_REPLY


class _ResponseFilters(filters.FilterSet):
    """What both lists can be narrowed by."""

    record = filters.CharFilter(method="about", label="Slug or id of the record", max_length=100)
    party = filters.CharFilter(method="about", label="Slug or id of the party", max_length=100)

    def about(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Narrow to rows that name this record, or one merged into it."""
        return queryset.filter(**{f"{name}__in": record_ids(value)})


class ReplyFilters(_ResponseFilters):
    """What a list of replies can be narrowed by."""

    state = filters.ChoiceFilter(empty_label="Any", choices=RIGHT_OF_REPLY.choices, label="State of the right of reply")

    class Meta:
        model: type[Model] = Reply
        fields: list[str] = []


class DisputeFilters(_ResponseFilters):
    """What a list of disputes can be narrowed by."""

    state = filters.ChoiceFilter(empty_label="Any", choices=DISPUTE_STATES.choices, label="State of the dispute")

    class Meta:
        model: type[Model] = Dispute
        fields: list[str] = []
