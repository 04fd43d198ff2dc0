"""`manage.py set_role you@example.org editor`: give a person a role."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.accounts.people import person_of, set_role
from kb.accounts.roles import ROLES
from kb.core.errors import UserError


class Command(BaseCommand):
    """Give a person a role."""

    help = "Give a person with a confirmed address a role."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address and the role."""
        parser.add_argument("email")
        parser.add_argument("role", metavar="role", help=", ".join(ROLES))

    def handle(self, *args: Any, email: str, role: str, **options: Any) -> None:
        """Give it."""
        try:
            person = person_of(email)
            set_role(person, role)
        except UserError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{person.email} is now {ROLES.label(role).lower()}.")
