"""`verify` is silent over what publish() wrote, and names whatever was changed behind its back."""

import json
import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import Error, connection, models, transaction

from kb.ledger import guard
from kb.ledger.models import Change, Edition, Head, Payload, PublicRow
from kb.ledger.verify import faults
from kb.ledger.write import purge
from kb.records.models import Action, Evidence, Identifier, Name, Provision, SourceKey, Statement, StatementVersion
from tests.ledger.tamper import columns, faults_but_triggers, guard_down, run

pytestmark = pytest.mark.usefixtures("world")

# A condition that names one change row: the insert of the first name.
NAMED = "\"table\" = 'records_name' AND row_id = 1"


def found_after(*statements: str) -> str:
    """What `verify` says once the statements have run while the guard was down."""
    with guard_down():
        for statement in statements:
            run(statement)
    return "\n".join(faults())


def test_a_world_that_publish_wrote_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(faults()) == []
    call_command("verify")
    assert f"Clean: {Head.objects.get().edition} editions" in capsys.readouterr().out


def test_the_command_fails_and_prints_each_fault(capsys: pytest.CaptureFixture[str]) -> None:
    found_after("UPDATE records_name SET text = 'edited' WHERE id = 1")
    with pytest.raises(SystemExit) as stopped:
        call_command("verify")
    assert stopped.value.code == 1
    assert "records_name 1: it was edited outside the ledger (text)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        ("UPDATE records_name SET text = 'edited' WHERE id = 1", "records_name 1: it was edited outside the ledger (text)"),
        ("UPDATE records_name SET version = 2 WHERE id = 1", "records_name 1: it names change"),
        ("UPDATE records_name SET edition = 2 WHERE id = 1", "records_name 1: it names change"),
        ("DELETE FROM records_name WHERE id = 1", "records_name 1: the chain has it, the table does not"),
        ("UPDATE records_name SET id = 77 WHERE id = 1", "records_name 77: no change row announces it"),
        ("DELETE FROM ledger_payload WHERE change_id = (SELECT max(sequence) FROM ledger_change)", "payload row is missing"),
        ("UPDATE ledger_payload SET body = 'not JSON' WHERE change_id = 1", "its payload does not match its digest"),
        ("UPDATE ledger_payload SET body = '[]' WHERE change_id = 2", "its payload does not match its digest"),
        ("UPDATE ledger_payload SET salt = 'other' WHERE change_id = 2", "its payload does not match its digest"),
        ("UPDATE ledger_payload SET body = '', salt = '' WHERE change_id = 2", "empty and no purge row says why"),
        ("INSERT INTO ledger_payload (change_id, salt, body) VALUES (9999, '', '{}')", "change 9999: it does not exist"),
        (f"UPDATE ledger_change SET digest = 'other' WHERE {NAMED}", "does not follow from the link before it"),
        (f"UPDATE ledger_change SET payload_digest = 'other' WHERE {NAMED}", "does not follow from the link before it"),
        ("DELETE FROM ledger_change WHERE sequence = 5", "change 5: missing, the chain goes on at 6"),
        ("UPDATE ledger_edition SET actor = 'someone else' WHERE number = 1", "edition 1: its actor or time"),
        ("UPDATE ledger_edition SET published_at = '2001-01-01 00:00:00+00:00' WHERE number = 1", "edition 1: its actor or time"),
        ("DELETE FROM ledger_edition WHERE number = 2", "edition 2: missing"),
        ("DELETE FROM ledger_edition WHERE number = (SELECT edition FROM ledger_head)", "head: says edition"),
        ("UPDATE ledger_edition SET last_sequence = last_sequence - 1 WHERE number = 2", "edition 2: its digest"),
        ("UPDATE ledger_edition SET first_sequence = 3 WHERE number = 1", "edition 1: begins at change 3"),
        ("UPDATE ledger_head SET edition = edition + 1", "head: says edition"),
        ("UPDATE ledger_head SET sequence = sequence - 1", "head: says change"),
        ("UPDATE ledger_head SET digest = 'other'", "head: says change"),
        ("DELETE FROM ledger_head", "head: says change 0"),
        ("UPDATE records_statementversion SET status = 'confirmed' WHERE died IS NOT NULL", "differs in status"),
        ("UPDATE records_statementversion SET note = 'other' WHERE died IS NULL", "differs in note"),
        ("UPDATE records_statementversion SET died = died + 1 WHERE died IS NOT NULL", "its editions are not those of the chain"),
        ("UPDATE records_statementversion SET died = 3 WHERE died IS NULL", "its editions are not those of the chain"),
        ("DELETE FROM records_statementversion WHERE version = 1", "version 1: missing"),
    ],
)  # fmt: skip
def test_an_edit_behind_its_back_is_named(edit: str, fault: str) -> None:
    assert fault in found_after(edit)


def test_an_edited_reason_is_named() -> None:
    payload = Payload.objects.get(change_id=1)
    body = json.loads(payload.body) | {"reason": "Another reason."}
    with guard_down():
        Payload.objects.filter(change_id=1).update(body=json.dumps(body))
    assert "change 1 (ledger_edition 1): its payload does not match its digest" in list(faults())


def test_an_extra_row_is_named() -> None:
    names, copied = columns(Name, id="77", text="'extra'")
    assert "records_name 77: no change row announces it" in found_after(
        f"INSERT INTO records_name ({names}) SELECT {copied} FROM records_name WHERE id = 1"
    )


def test_swapped_changes_are_named() -> None:
    one, other = Change.objects.filter(table="records_name").order_by("sequence")[:2]
    content = ("table", "row_id", "version", "action", "payload_digest")
    with guard_down():
        for left, right in ((one, {"row_id": -1}), (other, one), (one, other)):
            values = right if isinstance(right, dict) else {name: getattr(right, name) for name in content}
            Change.objects.filter(sequence=left.sequence).update(**values)
    assert f"change {one.sequence}" in "\n".join(faults())


def test_a_missing_trigger_is_named() -> None:
    connection.check_constraints()
    name = guard.expected_triggers(connection).popitem()[0]
    table = guard.expected_triggers(connection)[name]
    run(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
    assert list(faults()) == [f"trigger {name} is missing"]


def test_a_switched_off_trigger_is_named_as_missing() -> None:
    if connection.vendor != "postgresql":
        assert guard.standing_triggers(connection) == set(guard.expected_triggers(connection))
        return
    connection.check_constraints()
    run("ALTER TABLE records_name DISABLE TRIGGER guard_records_name_update")
    assert list(faults()) == ["trigger guard_records_name_update is missing"]


# purges


def test_a_purge_empties_payload_and_version_and_keeps_verify_clean() -> None:
    statement = Statement.objects.get(predicate="trained_on")
    said = Change.objects.get(table="records_statement", row_id=statement.id, version=2)
    assert "Said in the card." in said.payload.body
    assert StatementVersion.objects.filter(note="Said in the card.", version=2).exists()
    purge([said.sequence], "editor", "A text had to go.")
    assert Payload.objects.get(change=said).body == Payload.objects.get(change=said).salt == ""
    assert StatementVersion.objects.get(statement=statement, version=2).note == ""
    assert list(faults()) == []


def test_a_purged_version_that_holds_text_is_named() -> None:
    said = Change.objects.get(table="records_statement", row_id=1, version=2)
    purge([said.sequence], "editor", "A text had to go.")
    assert "statement 1 version 2: differs in note" in found_after(
        "UPDATE records_statementversion SET note = 'back' WHERE statement_id = 1 AND version = 2"
    )


def test_a_purge_of_what_does_not_exist_or_was_purged_is_refused_and_leaves_no_edition() -> None:
    purge([2], "editor", "A text had to go.")
    before = Head.objects.get().edition
    for sequence in (2, 9999):
        with pytest.raises(Exception, match="does not exist, or was purged before"):
            purge([sequence], "editor", "A text had to go.")
    assert Head.objects.get().edition == before


def test_a_reason_can_be_purged_and_the_edition_stands() -> None:
    purge([1], "editor", "The reason named somebody.")
    assert list(faults()) == []


# anything at all

SEED = 20231220
LEAVES = (Name, Identifier, SourceKey, Evidence, Provision, Action)


def mutated(field: "models.Field[Any, Any]", value: Any, dice: random.Random) -> Any:
    """Another value of the same type."""
    if isinstance(field, models.ForeignKey):
        return dice.choice(list(field.related_model._base_manager.values_list("pk", flat=True)))  # type: ignore[union-attr]
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.JSONField):
        return [*value, "privacy"]
    if isinstance(field, models.DateTimeField):
        return value + timedelta(seconds=1)
    if isinstance(field, models.DateField):
        return date(2001, 1, dice.randint(1, 28))
    if isinstance(field, models.CharField | models.TextField):
        return dice.choice(["x", (value or "") + "x", (value or "y")[:-1]])
    return (value or 0) + dice.randint(1, 3)


def edit(dice: random.Random) -> None:
    model = dice.choice([*guard.public_models(), Change, Edition, Head, Payload, StatementVersion])
    row = dice.choice(list(model._base_manager.order_by("pk")))
    field = dice.choice([field for field in model._meta.concrete_fields if (model, field.name) != (StatementVersion, "id")])
    value = mutated(field, getattr(row, field.attname), dice)
    if value == getattr(row, field.attname):
        raise Error
    model._base_manager.filter(pk=row.pk).update(**{field.attname: value})


def remove(dice: random.Random) -> None:
    model = dice.choice([*LEAVES, Change, Edition, Head, Payload, StatementVersion])
    row = dice.choice(list(model._base_manager.order_by("pk")))
    model._base_manager.filter(pk=row.pk)._raw_delete(using="default")  # type: ignore[attr-defined]


def add(dice: random.Random) -> None:
    model = dice.choice([*LEAVES, Change, Edition, Payload, StatementVersion])
    row = dice.choice(list(model._base_manager.order_by("pk")))
    row.pk = 5000 + dice.randint(1, 50)
    for field in model._meta.concrete_fields:
        if isinstance(field, models.CharField) and field.max_length and field.max_length > 40:
            setattr(row, field.attname, (getattr(row, field.attname) + str(row.pk))[-field.max_length :])
    if hasattr(row, "version"):
        row.version += dice.randint(0, 5)
    model._base_manager.bulk_create([row])


def swap(dice: random.Random) -> None:
    model = dice.choice([Change, Payload])
    one, other = dice.sample(list(model._base_manager.order_by("pk")), 2)
    for name in [field.attname for field in model._meta.concrete_fields if not field.primary_key]:
        mine, theirs = getattr(one, name), getattr(other, name)
        setattr(one, name, theirs)
        setattr(other, name, mine)
    model._base_manager.filter(pk=one.pk)._raw_delete(using="default")  # type: ignore[attr-defined]
    other.save(force_update=True)
    model._base_manager.bulk_create([one])


def tampered(dice: random.Random) -> str:
    """Tamper once, at random; what the database itself refuses, or what changes nothing, is drawn again."""
    while True:
        state = dice.getstate()
        way = dice.choice([edit, edit, edit, remove, add, swap])
        try:
            with transaction.atomic():
                way(dice)
                connection.check_constraints()
        except Error:
            continue
        return f"{way.__name__} {state[1][-1]}"


def test_two_hundred_random_tamperings_are_all_found() -> None:
    dice = random.Random(SEED)
    assert issubclass(Name, PublicRow)
    missed = []
    with guard_down():
        for _ in range(200):
            point = transaction.savepoint()
            how = tampered(dice)
            if not faults_but_triggers():
                missed.append(how)
            transaction.savepoint_rollback(point)
    assert missed == []
