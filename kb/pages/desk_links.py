"""The navigation of the desk: its pages in their order, of which everybody sees those that open to them.

Which role a page asks for is said at its view, with `requires_role`.
"""

from dataclasses import dataclass

from django.urls import resolve, reverse

from kb.accounts.permissions import opens_to
from kb.accounts.roles import HasRole

# The names of addresses, and what their links say.
_PAGES = (
    ("desk", "Queue"), ("desk_disputes", "Disputes"), ("desk_inbox", "Inbox"), ("desk_feeds", "Feeds"),
    ("desk_new", "Edit or add a record"), ("desk_basket", "Collected changes"), ("desk_log", "Decisions"),
    ("desk_figures", "Figures"), ("desk_representatives", "Who speaks for a party"), ("jobs", "Jobs"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the navigation. `name` is that of its address."""

    name: str
    label: str
    path: str


def links_for(person: HasRole) -> list[Link]:
    """Return the links to the pages of the desk that a person may open."""
    links = [Link(name, label, reverse(name)) for name, label in _PAGES]
    return [link for link in links if opens_to(person, resolve(link.path).func)]
