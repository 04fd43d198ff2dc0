"""Speaking for a party: asking for it, verifying it, ending it. A party is a record's id; which record that is, others know."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from kb.accounts.models import Representation, RepresentationRequest, User
from kb.accounts.texts import read_text
from kb.core.errors import Conflict, NotFound

_LONGEST_REASON, _LONGEST_ANSWER = 1000, 300


def parties_of(person: User) -> frozenset[int]:
    """Return the record ids of the parties that a person speaks for now."""
    found = Representation.objects.filter(user=person, until=None, user__is_active=True)
    return frozenset(found.values_list("party_record_id", flat=True))


def representatives_of(party_record_id: int) -> frozenset[int]:
    """Return the ids of the people who speak for a party now."""
    found = Representation.objects.filter(party_record_id=party_record_id, until=None, user__is_active=True)
    return frozenset(found.values_list("user_id", flat=True))


def ask(person: User, party_record_id: int, *, work_email: str, reason: str) -> RepresentationRequest:
    """Ask to be verified. Raises InvalidInput for a text that is refused, Conflict where it was asked or given already."""
    reason = read_text(reason, "The reason", _LONGEST_REASON)
    if party_record_id in parties_of(person):
        raise Conflict("You speak for this party already.")
    try:
        with transaction.atomic():
            return RepresentationRequest.objects.create(
                user=person, party_record_id=party_record_id, work_email=work_email.lower(), reason=reason
            )
    except IntegrityError:
        raise Conflict("You asked for this party already; the request is still open.") from None


@transaction.atomic
def verify(number: int, *, by: User, how: str) -> Representation:
    """Grant a request. Raises NotFound where none is open, Conflict for one's own, InvalidInput without saying how."""
    request = _open_request(number, by)
    how = read_text(how, "How it was verified", _LONGEST_ANSWER)
    _decide(request, by, accepted=True, answer=how)
    return Representation.objects.create(
        user=request.user, party_record_id=request.party_record_id, verified_by=by, how_verified=how
    )


@transaction.atomic
def refuse(number: int, *, by: User, why: str) -> RepresentationRequest:
    """Refuse a request. Raises NotFound where none is open, Conflict for one's own, InvalidInput without a reason."""
    request = _open_request(number, by)
    _decide(request, by, accepted=False, answer=read_text(why, "The reason", _LONGEST_ANSWER))
    return request


def end(number: int) -> Representation:
    """End a representation. Raises NotFound where none is open."""
    found = Representation.objects.filter(pk=number, until=None).first()
    if found is None:
        raise NotFound("There is no open representation of this number.")
    found.until = timezone.now()
    found.save(update_fields=["until"])
    return found


def _open_request(number: int, by: User) -> RepresentationRequest:
    found = RepresentationRequest.objects.select_for_update(of=("self",)).select_related("user").filter(pk=number).first()
    if found is None or not found.user.is_active:
        raise NotFound("There is no such request.")
    if found.decided is not None:
        raise Conflict("This request was decided already.")
    if found.user_id == by.pk:
        raise Conflict("Another administrator has to verify you.")
    return found


def _decide(request: RepresentationRequest, by: User, *, accepted: bool, answer: str) -> None:
    request.decided, request.decided_by, request.accepted, request.answer = timezone.now(), by, accepted, answer
    request.save(update_fields=["decided", "decided_by", "accepted", "answer"])
