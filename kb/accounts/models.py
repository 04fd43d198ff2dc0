"""The user model, our own from the first migration so that it can grow without one that breaks."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person who can sign in."""
