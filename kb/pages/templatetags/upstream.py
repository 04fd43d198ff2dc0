"""What templates can say: kinds, statuses and dates in words. Built into every template."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest

from kb.accounts.roles import HasRole
from kb.core.dates import in_words
from kb.exchange.exporters.reference import absolute
from kb.pages import lines
from kb.pages.desk_links import Link, links_for
from kb.records import vocabularies as words
from kb.records.identifiers import SCHEMES, identifier_link
from kb.records.kinds import KINDS
from kb.records.models import Dispute, Evidence, Record, Reply, Statement, StatementVersion
from kb.records.predicates import PREDICATES
from kb.records.response_words import dispute_in_words, reply_in_words
from kb.records.responses import NO_RESPONSES, Contested, Responses

register = template.Library()


@register.filter
def label(code: str, vocabulary: str) -> str:
    """Write a code of a vocabulary as its label: `{{ code|label:'REPORT_TYPES' }}`."""
    return str(getattr(words, vocabulary).label(code))


@register.filter
def date_words(text: str) -> str:
    """Write a stored partial date with its month in words."""
    return in_words(text)


@register.filter
def kind_label(code: str) -> str:
    """Write a kind's code as its label."""
    return KINDS[code].label


@register.filter
def scheme_label(code: str) -> str:
    """Write an identifier scheme's code as its label."""
    return SCHEMES[code].label if code in SCHEMES else code


@register.simple_tag
def identifier_address(scheme: str, value: str) -> str:
    """Return where an identifier leads, or nothing."""
    return identifier_link(scheme, value)


@register.filter
def voice(row: Evidence) -> str:
    """Say whose word a piece of evidence is."""
    return lines.voice(row)


@register.filter
def told(row: Reply | Dispute | Mapping[str, str]) -> str:
    """Say how a reply or a dispute stands, in a sentence; rows of exports carry theirs."""
    if isinstance(row, Mapping):
        return row["summary"]
    return reply_in_words(row) if isinstance(row, Reply) else dispute_in_words(row)


@register.filter
def holds(found: Contested, statement: Statement | StatementVersion) -> bool:
    """Whether a statement is contested."""
    return found.holds(statement)


@register.filter
def about(responses: Responses | str, statement: int) -> Responses:
    """The replies and disputes about one statement; none where a template was given none."""
    return responses.of_statement(statement) if isinstance(responses, Responses) else NO_RESPONSES


@register.simple_tag
def period(predicate: str, start: str | None, end: str | None) -> str:
    """Write when something held, in words."""
    return lines.period_in_words(start or "", end or "", ongoing=PREDICATES[predicate].is_use)


@register.simple_tag
def carries_words(code: str) -> str:
    """Say what an edge carries."""
    return words.CARRIES[code].label


@register.simple_tag(takes_context=True)
def with_parameter(context: dict[str, Any], name: str, value: object) -> str:
    """Return the query of this address with one parameter changed."""
    query = context["request"].GET.copy()
    query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def oembed_address(request: HttpRequest, record: Record) -> str:
    """Return where the frame of a record's lineage is offered, with the question of this address if it asks one."""
    query = request.GET.urlencode() if request.resolver_match and request.resolver_match.url_name == "lineage" else ""
    page = absolute(f"/lineage/{record.slug}/{'?' if query else ''}{query}")
    return absolute(f"/oembed/?{urlencode({'url': page})}")


@register.simple_tag
def desk_links(person: HasRole) -> list[Link]:
    """Return the links to the pages of the desk that open to a person."""
    return links_for(person)
