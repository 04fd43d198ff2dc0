"""The private tables of review. No public code reads them: what becomes public is published through the one door."""

from kb.review.models.decision import Approval, Decision, GuardCount
from kb.review.models.dispute import DisputeCase
from kb.review.models.invitation import Invitation, Opening
from kb.review.models.proposal import Proposal, ProposedChange
from kb.review.models.reply import ReplyRequest
from kb.review.models.scan import Scan
from kb.review.models.talk import Message, Note, RestrictedEvidence

__all__ = [
    "Approval",
    "Decision",
    "DisputeCase",
    "GuardCount",
    "Invitation",
    "Message",
    "Note",
    "Opening",
    "Proposal",
    "ProposedChange",
    "ReplyRequest",
    "RestrictedEvidence",
    "Scan",
]
