"""The tables of records and statements. One module for each noun; this one only gathers them."""

from kb.records.models.dispute import Dispute
from kb.records.models.evidence import Evidence
from kb.records.models.issue import IssueDetail
from kb.records.models.legislation import Action, LegislationDetail, Provision
from kb.records.models.name import Identifier, Name, RetiredSlug, SourceKey
from kb.records.models.party import PartyDetail
from kb.records.models.record import Dataset, Model, Product, Record, Unresolved
from kb.records.models.reply import Reply
from kb.records.models.report import ReportDetail
from kb.records.models.run import SourceRun
from kb.records.models.statement import Statement, StatementVersion

__all__ = [
    "Action",
    "Dataset",
    "Dispute",
    "Evidence",
    "Identifier",
    "IssueDetail",
    "LegislationDetail",
    "Model",
    "Name",
    "PartyDetail",
    "Product",
    "Provision",
    "Record",
    "Reply",
    "ReportDetail",
    "RetiredSlug",
    "SourceKey",
    "SourceRun",
    "Statement",
    "StatementVersion",
    "Unresolved",
]
