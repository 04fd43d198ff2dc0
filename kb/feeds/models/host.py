"""Hosts that are left alone for a while, whatever is polled of them."""

from django.db import models


class Host(models.Model):
    """One host. Until `visited_until` it is asked by a poll of another host's feed, or was just now.

    It asked to be left alone until `not_before`.
    """

    name = models.CharField(max_length=255, primary_key=True)
    visited_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
