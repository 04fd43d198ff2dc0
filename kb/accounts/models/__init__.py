"""The tables of accounts."""

from kb.accounts.models.cache import CacheRow
from kb.accounts.models.representation import Representation, RepresentationRequest
from kb.accounts.models.session import Session
from kb.accounts.models.token import Token
from kb.accounts.models.user import User

__all__ = ["CacheRow", "Representation", "RepresentationRequest", "Session", "Token", "User"]
