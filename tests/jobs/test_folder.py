"""The filesystem broker: whole messages, taken once, in their order."""

from pathlib import Path

import pytest
from kombu import Connection, Queue

from kb.jobs.folder import Transport


@pytest.fixture
def connection(tmp_path: Path) -> Connection:
    folders = dict.fromkeys(("data_folder_in", "data_folder_out", "control_folder"), str(tmp_path))
    return Connection("filesystem://", transport=Transport, transport_options=folders)


def send(connection: Connection, body: object) -> None:
    connection.Producer().publish(body, routing_key="hints")


def take(connection: Connection) -> object:
    """The next message, as Celery's worker takes it; None where there is none."""
    message = Queue("hints")(connection.default_channel).get(no_ack=True)
    return message.payload if message else None


def test_messages_come_once_and_in_the_order_in_which_they_were_sent(connection: Connection, tmp_path: Path) -> None:
    for number in range(5):
        send(connection, {"n": number})
    assert [take(connection) for _ in range(6)] == [*({"n": number} for number in range(5)), None]
    assert list(tmp_path.iterdir()) == []


def test_a_message_that_is_being_written_is_not_seen(connection: Connection, tmp_path: Path) -> None:
    (tmp_path / "0_torn.hints.part").write_text("{")
    (tmp_path / "0_other.elsewhere.msg").write_text("{")
    send(connection, "whole")
    assert take(connection) == "whole"
    assert take(connection) is None
