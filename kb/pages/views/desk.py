"""The editor's desk: the queue and one proposal. What may be done is said in `kb.review`."""

from collections.abc import Callable
from math import ceil

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kb.accounts.models import User
from kb.accounts.permissions import requires_role
from kb.accounts.roles import EDITOR, REVIEWER
from kb.core.errors import InvalidInput, UserError
from kb.pages.desk_page import desk_page
from kb.pages.forms.desk import (
    FORMS,
    ConfirmForm,
    JudgeForm,
    MoveForm,
    NoteForm,
    QueueForm,
    RestrictedForm,
    Revised,
    SeverityForm,
)
from kb.records.filters import check_parameters
from kb.review import edit
from kb.review.decide import Details, move
from kb.review.models import Proposal
from kb.review.policy import Actor
from kb.review.queue import PAGE, desk_figures, waiting
from kb.review.states import ACTIONS


def desk_user(request: HttpRequest) -> User:
    """Return who is at the desk; `requires_role` has let only people through."""
    assert isinstance(request.user, User)
    return request.user


def find_proposal(key: str) -> Proposal:
    """Return a proposal that the desk may see. Drafts are their writers' own."""
    found = Proposal.objects.select_related("assignee", "submitter").filter(key=key).exclude(state="draft").first()
    if found is None:
        raise Http404
    return found


@requires_role(REVIEWER)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits."""
    check_parameters(set(request.GET), set(QueueForm.base_fields))
    form = QueueForm(request.GET)
    if not form.is_valid():
        raise InvalidInput("The queue has no such filter.")
    asked = form.cleaned_data
    page = asked["page"] or 1
    rows, total = waiting(
        state=asked["state"], kind=asked["kind"], on=asked["on"], page=page,
        assignee=desk_user(request) if asked["who"] == "me" else None, unassigned=asked["who"] == "nobody",
    )  # fmt: skip
    context = {"rows": rows, "total": total, "form": form, "page": page, "pages": ceil(total / PAGE), "figures": desk_figures()}
    return render(request, "desk/queue.html", context)


@requires_role(REVIEWER)
@require_safe
def proposal_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show one proposal with everything that an editor needs to judge it."""
    check_parameters(set(request.GET), set())
    return _shown(request, find_proposal(key))


def _shown(request: HttpRequest, proposal: Proposal, problem: UserError | None = None, code: str = "") -> HttpResponse:
    """The page; after a move that was not made, with what was written for it."""
    entered = {name: text for name, text in request.POST.items() if isinstance(text, str) and name != "revision"}
    page = desk_page(proposal, desk_user(request), code, entered)
    status = problem.status if problem else 200
    return render(request, "desk/proposal.html", {"page": page, "refusal": problem}, status=status)


Act = Callable[[Proposal, User], object]


def act(request: HttpRequest, key: str, form: Form, what: Act, done: str, code: str = "") -> HttpResponse:
    """Do one thing to a proposal and lead back to it; a refusal shows the page again with the reason."""
    proposal = find_proposal(key)
    if not form.is_valid():
        first = next(iter(form.errors.values()))[0]
        return _shown(request, proposal, InvalidInput(str(first)), code)
    try:
        what(proposal, desk_user(request))
    except UserError as refusal:
        if refusal.status in {404, 422}:
            raise
        return _shown(request, find_proposal(key), refusal, code)
    messages.success(request, done)
    return redirect("desk_proposal", key=key)


@requires_role(REVIEWER)
@require_POST
def make_move(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """Make one move of the life cycle."""
    form = FORMS.get(code, MoveForm)(request.POST)

    def what(proposal: Proposal, user: User) -> None:
        given = form.cleaned_data
        details = Details(
            until=given.get("until"), coordinator=given.get("coordinator", ""), duplicate_of=given.get("duplicate_of", ""),
            revision=given["revision"],
        )  # fmt: skip
        move(proposal, code, Actor(user=user), reason=given["reason"], public=given["public"], details=details)

    done = f"{ACTIONS.label(code)}."
    return act(request, key, form, what, done, code)


@requires_role(EDITOR)
@require_POST
def judge(request: HttpRequest, key: str, position: int) -> HttpResponse:
    """Accept or decline one change."""
    form = JudgeForm(request.POST)

    def what(proposal: Proposal, user: User) -> None:
        given = form.cleaned_data
        edit.judge_change(proposal, position, given["state"], given["reason"], user, revision=given["revision"])

    return act(request, key, form, what, f"Change {position} is judged.")


@requires_role(EDITOR)
@require_POST
def assess(request: HttpRequest, key: str) -> HttpResponse:
    """Set the severity factors, or another word than follows from them."""
    form = SeverityForm(request.POST)
    return act(
        request, key, form,
        lambda proposal, user: edit.assess(
            proposal, form.factors(), user, revision=form.cleaned_data["revision"], override=form.cleaned_data["override"],
            why=form.cleaned_data["why"],
        ),
        "Severity is assessed.",
    )  # fmt: skip


@requires_role(EDITOR)
@require_POST
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Say that the proposal holds in spite of what changed since."""
    form = ConfirmForm(request.POST)
    return act(
        request, key, form,
        lambda proposal, user: edit.confirm_current(
            proposal, user, revision=form.cleaned_data["revision"], edition=form.cleaned_data["edition"]
        ),
        "The proposal holds as of the edition that you have read.",
    )  # fmt: skip


@requires_role(EDITOR)
@require_POST
def take_over(request: HttpRequest, key: str) -> HttpResponse:
    """Propose what the mended filing says instead of the changes as the desk left them."""
    form = Revised(request.POST)
    return act(
        request, key, form,
        lambda proposal, user: edit.take_over(proposal, user, revision=form.cleaned_data["revision"]),
        "The changes are those of the filing again. Approvals given before are void.",
    )  # fmt: skip


@requires_role(REVIEWER)
@require_POST
def note(request: HttpRequest, key: str) -> HttpResponse:
    """Keep a note."""
    form = NoteForm(request.POST)
    return act(request, key, form, lambda proposal, user: edit.add_note(proposal, form.cleaned_data["text"], user), "Noted.")


@requires_role(EDITOR)
@require_POST
def restricted(request: HttpRequest, key: str) -> HttpResponse:
    """Keep a word on evidence that cannot be published."""
    form = RestrictedForm(request.POST)

    def what(proposal: Proposal, user: User) -> None:
        edit.add_restricted_evidence(proposal, form.cleaned_data["description"], form.cleaned_data["held_by"], user)

    return act(request, key, form, what, "Noted.")


@requires_role(REVIEWER)
@require_POST
def assign(request: HttpRequest, key: str) -> HttpResponse:
    """Assign a proposal to oneself, or to nobody."""
    form = Revised(request.POST)
    mine = request.POST.get("to") == "me"
    return act(
        request, key, form, lambda proposal, user: edit.assign(proposal, user if mine else None, user), "Assigned."
    )  # fmt: skip
