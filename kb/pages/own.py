"""Whose a submission is: an account's, or that of the browser that began it or showed its receipt.

The session holds keys only, and is made by those acts alone: reading public pages never makes one.
"""

from django.http import Http404, HttpRequest

from kb.accounts.models import User
from kb.review.models import Proposal

_KEYS = "own_proposals"
_MOST = 20


def signed_in_user(request: HttpRequest) -> User | None:
    """Return who is signed in, or None."""
    return request.user if isinstance(request.user, User) else None


def bind(request: HttpRequest, key: str) -> None:
    """Let this browser come back to a submission."""
    keys = [one for one in request.session.get(_KEYS, []) if one != key]
    request.session[_KEYS] = [*keys, key][-_MOST:]


def is_bound(request: HttpRequest, key: str) -> bool:
    """Whether this browser began a submission or showed its receipt."""
    return key in request.session.get(_KEYS, [])


def own_proposal(request: HttpRequest, key: str) -> Proposal:
    """Return a submission of one's own. To everybody else it does not exist."""
    proposal = Proposal.objects.filter(key=key).first()
    user = signed_in_user(request)
    if proposal is None or not ((user and proposal.submitter_id == user.pk) or is_bound(request, key)):
        raise Http404
    return proposal
