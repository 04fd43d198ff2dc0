"""Hosts that are left alone for a while, whatever is polled of them."""

from django.db import models


class Host(models.Model):
    """One host that a redirect led to. Until `visited_until` it is asked by a poll of another host's feed, or was just now."""

    name = models.CharField(max_length=255, primary_key=True)
    visited_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
