"""Proposals: typed changes that somebody wants to see on record, and the words in which they were put forward.

They live apart from the public tables, so nothing of them can show before it is published.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kb.core.clock import now
from kb.review import states


class Proposal(models.Model):
    """One submission. `key` is random, so that neither a number nor a gap betrays what is not public.

    `revision` grows whenever what is proposed changes, which voids the approvals given before. `receipt` is the digest of
    the random receipt by which somebody without an account comes back. `base_edition` is the edition it was drawn up on.
    `approved_by` is how many editors' approvals counted when it was published.
    """

    key = models.CharField(max_length=26, unique=True)
    kind = models.CharField(max_length=12, choices=states.PROPOSAL_KINDS.choices)
    origin = models.CharField(max_length=8, choices=states.ORIGINS.choices, default="form")
    state = models.CharField(max_length=12, choices=states.STATES.choices, default="draft")
    title = models.CharField(max_length=300, blank=True)
    reason = models.TextField(blank=True)
    filing = models.JSONField(default=dict)
    hazard = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    base_edition = models.BigIntegerField()

    submitter = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="proposals")
    receipt = models.CharField(max_length=64, blank=True, db_index=True)
    email = models.EmailField(blank=True)
    credit = models.CharField(max_length=10, choices=states.CREDITS.choices, default="none")
    credit_name = models.CharField(max_length=120, blank=True)

    embargo_wanted = models.BooleanField(default=False)
    embargo_until = models.DateField(null=True)
    coordinator = models.CharField(max_length=120, blank=True)
    duplicate_of = models.CharField(max_length=26, blank=True)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    severity = models.JSONField(default=dict)

    created = models.DateTimeField(default=now)
    changed = models.DateTimeField(default=now)
    submitted = models.DateTimeField(null=True)
    decided = models.DateTimeField(null=True)
    edition = models.BigIntegerField(null=True)
    approved_by = models.PositiveSmallIntegerField(null=True)
    record_id = models.BigIntegerField(null=True)

    sent_by = models.CharField(max_length=64, blank=True)
    sent_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(states.STATES)), name="review_known_state"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(edition__isnull=False), name="review_published_has_edition"
            ),
            models.CheckConstraint(
                condition=~Q(state="embargoed") | Q(embargo_until__isnull=False), name="review_embargo_has_date"
            ),
            models.UniqueConstraint(fields=["sent_by"], condition=~Q(sent_by=""), name="review_sent_once"),
        ]
        indexes = [models.Index(fields=["state", "submitted"]), models.Index(fields=["assignee", "state"])]

    def __str__(self) -> str:
        return f"proposal {self.key}"

    @property
    def state_label(self) -> str:
        """The state in words."""
        return states.STATES.label(self.state)

    @property
    def ended(self) -> bool:
        """Whether nothing happens any more unless an editor opens it again."""
        return self.state in states.ENDED


class ProposedChange(models.Model):
    """One typed change of a proposal, as JSON (`kb.review.wire`), with what editors decided on it."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="changes")
    position = models.PositiveIntegerField()
    body = models.JSONField()
    state = models.CharField(max_length=8, choices=states.ITEM_STATES.choices, default="open")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["proposal", "position"], name="review_position_once")]

    def __str__(self) -> str:
        return f"change {self.position} of {self.proposal_id}"
