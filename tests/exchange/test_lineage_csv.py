"""The CSV of a lineage answer states the licence of each row's source."""

import csv
import io

import pytest

from kb.exchange.exporters.lineage_csv import lineage_csv
from kb.lineage.ask import Question, ask
from kb.records.sources import ECOSYSTEM_GRAPHS, FOUNDING
from tests import build

pytestmark = pytest.mark.django_db


def test_each_row_states_the_licence_of_the_source_that_speaks_in_it():
    data, ours, theirs = build.dataset("Data"), build.model("Ours"), build.model("Theirs")
    imported = build.report("Ecosystem Graphs", source_keys=[(ECOSYSTEM_GRAPHS.code, "source")])
    build.state(ours, "trained_on", data)
    build.state(theirs, "depends_on", data, evidence=[build.says(imported, kind="database_entry")])
    text = lineage_csv(ask(Question(data, "downstream")))
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert {row["child"]: row["licence"] for row in rows} == {"Ours": FOUNDING.licence, "Theirs": ECOSYSTEM_GRAPHS.licence}
