"""A person who can sign in: an address, a role and the name that credit is given to. Nothing else is kept."""

import secrets
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from kb.accounts.roles import ADMIN, READER, ROLES, has_role


def opaque_name() -> str:
    """Return a name that says nothing about its bearer, as it stands in editions and decisions."""
    return f"p-{secrets.token_hex(8)}"


class UserManager(BaseUserManager["User"]):
    """Makes people. There is no way to make a privileged one but `bootstrap` and `set_role`."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> "User":
        """Make a person; without a password they cannot sign in until they have set one."""
        person = self.model(email=self.normalize_email(email).lower(), **more)
        person.set_password(password)
        person.save(using=self._db)
        return person


class User(AbstractBaseUser):
    """A person who can sign in."""

    username = models.CharField(max_length=40, unique=True, default=opaque_name, editable=False)
    email = models.EmailField("e-mail address", blank=True)
    role = models.CharField(max_length=20, choices=ROLES.choices, default=READER)
    credit_name = models.CharField(
        "name for credit",
        max_length=120,
        blank=True,
        help_text="Your name or a pseudonym, as it may stand beside what you contribute. You choose each time.",
    )
    is_active = models.BooleanField("may sign in", default=True)
    date_joined = models.DateTimeField("joined", default=timezone.now, editable=False)
    closed = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [models.CheckConstraint(condition=models.Q(role__in=list(ROLES)), name="accounts_user_role")]

    def __str__(self) -> str:
        """Return what colleagues call this person."""
        return self.credit_name or self.email or self.username

    @property
    def is_staff(self) -> bool:
        """Whether the operations pages are open to this person."""
        return has_role(self, ADMIN)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether this person may do something on the operations pages: administrators all, others nothing."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Whether this person sees a part of the operations pages."""
        return self.is_staff
