"""Editing what is on record, as proposals: changes are collected one by one and sent for review together."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kb.accounts.permissions import requires_role
from kb.accounts.roles import EDITOR, REVIEWER, has_role
from kb.core.errors import InvalidInput, NotFound, UserError
from kb.core.safety import Refused
from kb.pages.desk_page import stale_shown
from kb.pages.forms.changes import ChangeForm, Subject, change_form
from kb.pages.forms.drawn import Drawn, drawn, redrawn
from kb.pages.reading import whole_number
from kb.pages.views.desk import desk_user
from kb.records import changes as do
from kb.records.evidence import evidence_by_statement
from kb.records.filters import check_parameters
from kb.records.kinds import KINDS
from kb.records.models import Evidence, Record, Statement
from kb.records.queries import any_record, by_relevance, listed, matching, statements_about
from kb.records.split import split
from kb.review.basket import basket_of, collect, send_basket, take_out
from kb.review.changes import standing, stored, try_out
from kb.review.open_changes import check_kind, is_open
from kb.review.terms import ACTS
from kb.review.told import told
from kb.review.wire import CHANGES, NEW

# What is offered on a record's own editing page, beside its statements.
ON_RECORD = (
    ("rename_record", "Name or address"), ("amend_detail", "Fields"), ("add_alias", "Another name"),
    ("add_identifier", "An identifier"), ("add_statement", "A statement"), ("merge_record", "Merge into another record"),
    ("unmerge_record", "Take the merge back"), ("withdraw_record", "Withdraw"), ("restore_record", "Restore"),
)  # fmt: skip
_MOST_STATEMENTS = 300
_MOST_MATCHES = 20
_PARAMETERS = {"record", "statement", "evidence", "kind", "into"}


class SendForm(forms.Form):
    """What a proposal is called and why it is made."""

    title = forms.CharField(max_length=300, help_text="What changes, in a line.")
    reason = forms.CharField(max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}), help_text="It may become public.")


@requires_role(REVIEWER)
@require_safe
def new_record(request: HttpRequest) -> HttpResponse:
    """Find a record to edit, or choose the kind of one to be created. Whatever names one record leads straight to it."""
    check_parameters(set(request.GET), {"key"})
    key = request.GET.get("key", "").strip()
    if found := _named(key):
        return redirect("desk_edit", slug=found.slug)
    matches = list(by_relevance(matching(listed(), key), key)[:_MOST_MATCHES]) if key else []
    return render(request, "desk/new.html", {"kinds": KINDS.values(), "key": key, "matches": matches})


def _named(key: str) -> Record | None:
    """The record of an id, or of the last part of an address; withdrawn ones too."""
    try:
        return any_record(key.rstrip("/").rsplit("/", 1)[-1]) if key else None
    except NotFound:
        return None


@requires_role(REVIEWER)
@require_safe
def edit_record(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everything about a record, each with what the person may propose to change."""
    check_parameters(set(request.GET), set())
    record = any_record(slug)
    statements = statements_about([record])
    evidence = evidence_by_statement(one.pk for one in statements)
    shown = statements[:_MOST_STATEMENTS]
    words = told([do.RetractStatement(statement=one.pk) for one in shown])
    rows = [(word, one, evidence.get(one.pk, [])) for word, one in zip(words, shown, strict=True)]
    editor = _is_editor(request)
    acts = [(code, label) for code, label in ON_RECORD if is_open(CHANGES[code], editor=editor) and _fits(code, record)]
    context = {"record": record, "rows": rows, "acts": acts, "more": len(statements) - len(shown), "editor": editor}
    return render(request, "desk/edit_record.html", context)


def _is_editor(request: HttpRequest) -> bool:
    return has_role(desk_user(request), EDITOR)


def _fits(code: str, record: Record) -> bool:
    """Whether a change makes sense as the record stands: nothing is taken back that was not done."""
    return {
        "restore_record": record.withdrawn is not None, "withdraw_record": record.withdrawn is None,
        "unmerge_record": record.merged_into_id is not None, "merge_record": record.merged_into_id is None,
    }.get(code, True)  # fmt: skip


@requires_role(REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Draw up one change and put it to those collected."""
    check_parameters(set(request.GET), _PARAMETERS)
    if code not in CHANGES:
        raise InvalidInput(f"“{code[:40]}” is not a change.")
    check_kind(CHANGES[code], editor=_is_editor(request))
    subject, kind = _subject(request), request.GET.get("kind", "")
    if kind and kind not in KINDS:
        raise InvalidInput(f"“{kind[:40]}” is not a kind of record.")
    posted, unseen = request.POST if request.method == "POST" else None, drawn(request)
    form = change_form(code, subject, kind, data=posted, initial={"into": request.GET.get("into", "")})
    if form.is_valid():
        return _collected(request, form, subject, unseen)
    return _change_page(request, form, subject, unseen, status=422 if form.errors else 200)


def _collected(request: HttpRequest, form: ChangeForm, subject: Subject, unseen: Drawn) -> HttpResponse:
    try:
        body = form.body()
        unseen.refuse_overwriting([body])
        collect(desk_user(request), [body], unseen.edition)
    except Refused:
        raise
    except UserError as problem:
        return _change_page(request, form, subject, redrawn(unseen, problem), problem=problem, status=problem.status)
    messages.success(request, "Collected. Nothing is proposed before you send it.")
    return redirect("desk_basket")


def _change_page(
    request: HttpRequest, form: ChangeForm, subject: Subject, unseen: Drawn, *, problem: UserError | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    about = told([do.RetractStatement(statement=subject.pk)])[0] if isinstance(subject, Statement) else None
    context = {
        "form": form, "subject": subject, "about": about, "problem": problem, "heading": ACTS[form.code], "drawn": unseen,
    }  # fmt: skip
    return render(request, "desk/change.html", context, status=status)


def _subject(request: HttpRequest) -> Subject:
    """Return the record, statement or evidence that the address names. Raises InvalidInput where there is none."""
    if key := request.GET.get("record", ""):
        return any_record(key)
    for name, model in (("statement", Statement), ("evidence", Evidence)):
        number = whole_number(name, request.GET.get(name, ""))
        if number is not None:
            found: Statement | Evidence | None = model._base_manager.filter(id=number).first()
            if found is None:
                raise InvalidInput(f"There is no {name} {number}.")
            return found
    return None


@requires_role(REVIEWER)
@require_safe
def basket(request: HttpRequest) -> HttpResponse:
    """Show what was collected, what it would do, and the form that sends it."""
    check_parameters(set(request.GET), set())
    return _basket_page(request, SendForm())


def _basket_page(request: HttpRequest, form: SendForm, problem: UserError | None = None) -> HttpResponse:
    collected = basket_of(desk_user(request))
    context: dict[str, object] = {"form": form, "problem": problem, "items": [], "rehearsal": None}
    if collected:
        try:
            changes = standing(collected)
            context |= {"items": list(zip(collected.changes.exclude(state="declined"), told(changes), strict=True))}
            context |= {"rehearsal": try_out(changes)} if changes else {}
            context |= {"stale": stale_shown(changes, collected.base_edition), "base": collected.base_edition}
        except UserError as refusal:
            context |= {"problem": problem or refusal, "broken": list(collected.changes.all()) if not context["items"] else []}
    return render(request, "desk/basket.html", context, status=problem.status if problem else 200)


@requires_role(REVIEWER)
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Send what was collected for review."""
    form = SendForm(request.POST)
    if not form.is_valid():
        return _basket_page(request, form, InvalidInput("A proposal has a title and says why."))
    try:
        sent = send_basket(desk_user(request), form.cleaned_data["title"], form.cleaned_data["reason"])
    except Refused:
        raise
    except UserError as problem:
        return _basket_page(request, form, problem)
    messages.success(request, "Sent for review. Somebody else decides on it.")
    return redirect("desk_proposal", key=sent.key)


@requires_role(REVIEWER)
@require_POST
def remove(request: HttpRequest, position: int) -> HttpResponse:
    """Take one change out of those collected."""
    take_out(desk_user(request), position)
    messages.success(request, "Taken out.")
    return redirect("desk_basket")


class SplitForm(forms.Form):
    """What of a record is a thing of its own."""

    name = forms.CharField(label="Name of the new record", max_length=300)

    def __init__(self, record: Record, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        said = statements_about([record])
        words = told([do.RetractStatement(statement=one.pk) for one in said])
        self.fields["statements"] = forms.TypedMultipleChoiceField(
            label="Statements that are about it", coerce=int, widget=forms.CheckboxSelectMultiple,
            choices=[(one.pk, _in_a_line(word)) for one, word in zip(said, words, strict=True)],
        )  # fmt: skip
        self.fields["aliases"] = forms.MultipleChoiceField(
            label="Other names that are its own", required=False, widget=forms.CheckboxSelectMultiple,
            choices=[(name.text, name.text) for name in record.names.all()],
        )  # fmt: skip


def _in_a_line(word: object) -> str:
    parts = (getattr(word, "subject", None), getattr(word, "object", None))
    names = [part.name if part else "" for part in parts]
    return " ".join(filter(None, [names[0], str(getattr(word, "reads", "")), names[1] or str(getattr(word, "value", ""))]))


@requires_role(EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def split_record(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose what of a record becomes a record of its own."""
    check_parameters(set(request.GET), set())
    record = any_record(slug)
    form = SplitForm(record, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {"record": record, "form": form}
        return render(request, "desk/split.html", context, status=422 if form.errors else 200)
    new = do.CreateRecord(ref=f"{NEW}part", kind=record.kind, name=form.cleaned_data["name"], detail=_detail(record))
    collect(desk_user(request), stored(split(record.pk, new, form.cleaned_data["statements"], form.cleaned_data["aliases"])))
    return redirect("desk_basket")


def _detail(record: Record) -> dict[str, object]:
    """The fields that a part takes over from the whole, where its kind needs some."""
    row = getattr(record, record.kind, None)
    return {name: getattr(row, name) for name in _TAKEN_OVER.get(record.kind, ())}


_TAKEN_OVER = {"issue": ("code", "frames"), "legislation": ("jurisdiction",), "party": ("type",), "report": ("type",)}
