"""What was decided on proposals: the log that nobody edits, approvals of a revision, and the count of refused texts."""

from django.conf import settings
from django.db import models

from kb.core.clock import now
from kb.review.models.proposal import Proposal
from kb.review.states import ACTIONS, STATES


class Decision(models.Model):
    """One move of a proposal, by whom and why. Rows are added and never changed; without an actor the clock did it."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="decisions")
    action = models.CharField(max_length=20)
    before = models.CharField(max_length=12)
    after = models.CharField(max_length=12)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_submitter = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    public = models.BooleanField(default=False)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.action} on {self.proposal_id}"

    @property
    def action_label(self) -> str:
        """What was done, in words."""
        return ACTIONS.label(self.action)

    @property
    def after_label(self) -> str:
        """The state that it led to, in words; empty where the state stayed."""
        return STATES.label(self.after) if self.after != self.before else ""

    @property
    def words(self) -> str:
        """What was said of it."""
        return self.reason.replace("downstream_reach", "downstream reach") if self.action == "assess" else self.reason


class Approval(models.Model):
    """An editor's yes to one revision of a proposal. A later revision needs a new one."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="approvals")
    revision = models.PositiveIntegerField()
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "revision", "editor"], name="review_approved_once")]

    def __str__(self) -> str:
        return f"approval of {self.proposal_id}"


class GuardCount(models.Model):
    """How often a rule of the safety guard refused a text, by day: all that remains of it (SAFETY 6)."""

    rule = models.CharField(max_length=40)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "day"], name="review_guard_count_once")]

    def __str__(self) -> str:
        return f"{self.rule} on {self.day}: {self.count}"
