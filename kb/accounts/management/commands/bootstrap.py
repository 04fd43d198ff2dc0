"""`manage.py bootstrap --email you@example.org`: make the first administrator, and show the link to set a password."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.accounts.people import make_first_admin, password_link
from kb.core.errors import UserError


class Command(BaseCommand):
    """Make the first administrator."""

    help = "Make the first administrator and print a link to set a password, which works once and for an hour."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address."""
        parser.add_argument("--email", required=True)

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        """Make them, unless there is one."""
        try:
            person = make_first_admin(email)
        except UserError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{person.email} is the first administrator. Set a password within an hour:\n{password_link(person)}")
