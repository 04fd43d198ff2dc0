"""The roles of people: a ladder of five, and the word for those who speak for a party.

Each role may do what the ones below it may. Speaking for a party is no step of the ladder: it is bound to one party and
lies in `models/representation.py`. What a role may see or do is said where it is done, with `permissions.py`.
"""

from typing import Protocol

from kb.core.vocabulary import Term, Vocabulary

ROLES = Vocabulary(
    "role",
    Term("reader", "Reader", "Reads, and keeps an account."),
    Term("contributor", "Contributor", "Files issues and suggests corrections by name."),
    Term("reviewer", "Reviewer", "Reads what was submitted and gives an opinion."),
    Term("editor", "Editor", "Decides what is published."),
    Term("admin", "Administrator", "Gives roles, verifies who speaks for a party, and runs the desk."),
)
READER, CONTRIBUTOR, REVIEWER, EDITOR, ADMIN = ROLES
REPRESENTATIVE = "representative"
# From this role on a session needs a second factor.
SENSITIVE = REVIEWER
_STEP = {code: step for step, code in enumerate(ROLES)}


class HasRole(Protocol):
    """Whoever may have a role: a person, or the anonymous reader, who has none."""

    @property
    def is_authenticated(self) -> bool:
        """Whether this is a person."""


def has_role(person: HasRole, role: str) -> bool:
    """Whether a person has at least this role. Raises KeyError for a word that is no role."""
    wanted = _STEP[role]
    if not person.is_authenticated or not getattr(person, "is_active", False):
        return False
    return _STEP[getattr(person, "role", READER)] >= wanted


def is_sensitive(role: str) -> bool:
    """Whether a session needs a second factor to use this role."""
    return _STEP[role] >= _STEP[SENSITIVE]
