"""Reading Ecosystem Graphs: what becomes of every shape that its files have, and that nothing is left out uncounted."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.core.errors import InvalidInput
from kb.exchange.drafts import Counts, Reading, RecordDraft, Said
from kb.exchange.importers.ecosystem_graphs import read_folder


def asset(name: Any, type: str = "model", **fields: Any) -> dict[str, Any]:  # noqa: A002 - the field's own name
    return {"name": name, "type": type, "organization": "Acme", "dependencies": [], **fields}


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Write files of assets and read them."""

    def write_and_read(*assets: dict[str, Any], **files: list[dict[str, Any]]) -> Reading:
        folder = tmp_path / "assets"
        folder.mkdir(exist_ok=True)
        for stem, content in ({"acme": list(assets)} | files).items():
            (folder / f"{stem}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return read_folder(tmp_path)

    return write_and_read


def draft(reading: Reading, key: str) -> RecordDraft:
    return next(draft for draft in reading.drafts if draft.key == key)


def said(reading: Reading, key: str, predicate: str) -> list[Said]:
    return [said for said in draft(reading, key).statements if said.predicate == predicate]


def objects(reading: Reading, key: str, predicate: str = "depends_on") -> list[str]:
    return [one.object for one in said(reading, key, predicate)]


def values(reading: Reading, key: str, predicate: str) -> list[object]:
    return [one.value for one in said(reading, key, predicate)]


def keys(reading: Reading, kind: str) -> list[str]:
    return [draft.key for draft in reading.drafts if draft.kind == kind]


# records


@pytest.mark.parametrize(("type_", "kind"), [("dataset", "dataset"), ("model", "model"), ("application", "product")])
def test_each_type_becomes_its_kind_and_the_key_is_file_type_and_name(read: Any, type_: str, kind: str) -> None:
    reading = read(asset("Thing", type_))
    assert draft(reading, f"acme:{type_}:Thing").kind == kind
    assert reading.counts["records", kind] == 1


def test_an_asset_of_an_unknown_type_is_kept_as_unresolved_and_counted(read: Any) -> None:
    reading = read(asset("Thing", "gadget"))
    assert draft(reading, "acme:gadget:Thing").kind == "unresolved"
    assert reading.counts["entries", "of an unknown type"] == 1


def test_an_asset_without_a_name_is_counted_and_the_others_go_on(read: Any) -> None:
    reading = read(asset(""), asset(None), asset(["a"]), asset("Thing"))
    assert keys(reading, "model") == ["acme:model:Thing"]
    assert reading.counts["entries", "without a name"] == 3


def test_the_same_file_type_and_name_twice_gives_two_records(read: Any) -> None:
    reading = read(asset("Thing"), asset("Thing"))
    assert keys(reading, "model") == ["acme:model:Thing", "acme:model:Thing (2)"]
    assert reading.counts["entries", "same file, type and name"] == 1


def test_every_statement_cites_the_one_report_of_the_source(read: Any) -> None:
    reading = read(asset("Thing", dependencies=["Other"], license="MIT", size="7B", created_date="2023"))
    report = draft(reading, "source")
    assert (report.kind, report.name, dict(report.detail)) == (
        "report", "Ecosystem Graphs", {"type": "database", "independence": "unknown"},
    )  # fmt: skip
    assert keys(reading, "report") == ["source"]
    for one in draft(reading, "acme:model:Thing").statements:
        (evidence,) = one.evidence
        assert (evidence.report, evidence.kind, evidence.locator) == ("source", "database_entry", "assets/acme.yaml")


# dependencies


def test_a_dependency_resolves_by_exact_name_only(read: Any) -> None:
    reading = read(asset("Llama 2"), asset("Child", dependencies=["Llama 2", "LLaMA 2"]))
    assert objects(reading, "acme:model:Child") == ["acme:model:Llama 2", "name:LLaMA 2"]
    assert draft(reading, "name:LLaMA 2").kind == "unresolved"
    assert reading.counts["dependencies", "resolved by name"] == 1
    assert reading.counts["dependencies", "unresolved"] == reading.counts["names", "unresolved"] == 1


def test_a_shared_name_resolves_only_by_the_same_organisation(read: Any) -> None:
    reading = read(
        ours=[asset("Dragonfly"), asset("Dragonfly API", "application", dependencies=["Dragonfly"])],
        theirs=[asset("Dragonfly", organization="Together", dependencies=["Common Crawl"])],
    )
    assert objects(reading, "ours:application:Dragonfly API") == ["ours:model:Dragonfly"]
    assert reading.counts["dependencies", "resolved by name and organisation"] == 1
    assert reading.counts["names", "carried by several records, which stay apart"] == 1


@pytest.mark.parametrize("organisation", ["Acme", "Somebody else"])
def test_a_shared_name_that_the_organisation_does_not_settle_stays_open(read: Any, organisation: str) -> None:
    reading = read(
        one=[asset("Imagen 3")], two=[asset("Imagen 3")],
        three=[asset("Genie", organization=organisation, dependencies=["Imagen 3"])],
    )  # fmt: skip
    assert objects(reading, "three:model:Genie") == ["name:Imagen 3"]
    assert reading.counts["dependencies", "ambiguous"] == reading.counts["names", "ambiguous"] == 1
    assert reading.counts["names", "unresolved"] == 0
    assert set(objects(reading, "name:Imagen 3", "possibly_same_as")) == {"one:model:Imagen 3", "two:model:Imagen 3"}


def test_self_loops_and_cycles_are_kept(read: Any) -> None:
    reading = read(asset("Self", dependencies=["Self"]), asset("A", dependencies=["B"]), asset("B", dependencies=["A"]))
    assert objects(reading, "acme:model:Self") == ["acme:model:Self"]
    assert (objects(reading, "acme:model:A"), objects(reading, "acme:model:B")) == (["acme:model:B"], ["acme:model:A"])
    assert reading.counts["dependencies", "on the record itself"] == 1


def test_the_same_dependency_twice_is_one_statement_and_counted(read: Any) -> None:
    reading = read(asset("Child", dependencies=["Data", "Data", " Data "]))
    assert objects(reading, "acme:model:Child") == ["name:Data"]
    assert reading.counts["dependencies", "listed twice, folded"] == 2


def test_dependencies_in_a_wrapper_are_read(read: Any) -> None:
    reading = read(asset("Child", dependencies={"explanation": "some prose", "value": ["Data"]}))
    assert objects(reading, "acme:model:Child") == ["name:Data"]
    assert reading.counts["wrapped fields", "dependencies"] == reading.counts["not taken", "explanation"] == 1


def test_what_is_no_list_of_names_is_counted_and_not_guessed(read: Any) -> None:
    reading = read(asset("A", dependencies="Data"), asset("B", dependencies=[None, {"x": 1}, ""]), asset("C", dependencies=None))
    assert keys(reading, "unresolved") == []
    assert reading.counts["dependencies", "field that is no list"] == 1
    assert reading.counts["dependencies", "without a name"] == 3
    assert reading.counts["dependencies", "empty field"] == 1


# spellings


def test_spellings_that_fold_to_the_same_are_proposed_and_never_merged(read: Any) -> None:
    reading = read(
        asset("Llama 2", organization="Nvidia"), asset("Child", organization="NVIDIA", dependencies=["LLaMA-2", "llama2"])
    )
    assert objects(reading, "name:LLaMA-2", "possibly_same_as") == ["acme:model:Llama 2", "name:llama2"]
    assert objects(reading, "party:NVIDIA", "possibly_same_as") == ["party:Nvidia"]
    (evidence,) = said(reading, "party:NVIDIA", "possibly_same_as")[0].evidence
    assert evidence.kind == "inference"
    assert evidence.gist.startswith("Method: ")


def test_records_that_share_a_name_are_not_proposed_as_the_same(read: Any) -> None:
    reading = read(one=[asset("ChatGLM")], two=[asset("ChatGLM")])
    assert not any(said.predicate == "possibly_same_as" for draft in reading.drafts for said in draft.statements)


# organisations


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Acme", ["Acme"]),
        ("Microsoft, NVIDIA", ["Microsoft", "NVIDIA"]),
        ("Continue Dev, Inc.", ["Continue Dev, Inc."]),
        ("Acme, LLC, Other, Ltd.", ["Acme, LLC", "Other, Ltd."]),
        ("ByteDance and University of Maryland, College Park", ["ByteDance and University of Maryland, College Park"]),
        ("PSL University, and Université Paris Cité", ["PSL University", "Université Paris Cité"]),
        ("Paladin Group and Dais Technology", ["Paladin Group and Dais Technology"]),
        ("Acme, Acme", ["Acme"]),
        ("Acme, Unknown", ["Acme"]),
        ({"value": "Nous Research", "explanation": "a person's project"}, ["Nous Research"]),
        ("Unknown", []),
        (None, []),
    ],
)
def test_organisations_are_split_at_commas_and_never_at_and(read: Any, field: Any, names: list[str]) -> None:
    reading = read(asset("Thing", organization=field))
    assert objects(reading, "acme:model:Thing", "creator") == [f"party:{name}" for name in names]
    assert [draft.name for draft in reading.drafts if draft.kind == "party"] == sorted(names)


def test_names_with_and_and_odd_organisation_fields_are_counted(read: Any) -> None:
    reading = read(asset("A", organization="B and C"), asset("D", organization=["x"]), asset("E", organization="none"))
    assert reading.counts["organisations", "with “and” in the name, not split"] == 1
    assert reading.counts["organisation field", "not a text"] == reading.counts["organisation field", "not said"] == 1


# dates, licences, sizes


@pytest.mark.parametrize(
    ("field", "stated", "counted"),
    [
        ("2022-12-12", ["2022-12-12"], "day"),
        (2022, ["2022"], "year"),
        ({"value": "2023-05", "explanation": "x"}, ["2023-05"], "month"),
        ("unknown", [], "not said"),
        ({"explanation": "updated later"}, [], "without a value"),
        (None, [], "without a value"),
        ("spring of 2022", [], "not a date"),
        (99999, [], "not a date"),
    ],
)
def test_dates_keep_their_precision_and_odd_ones_are_counted(read: Any, field: Any, stated: list[str], counted: str) -> None:
    reading = read(asset("Thing", created_date=field))
    assert values(reading, "acme:model:Thing", "released_on") == stated
    assert reading.counts["created_date", counted] == 1


def test_a_yaml_date_and_a_yaml_time_are_days(tmp_path: Path) -> None:
    entry = "- {name: %s, type: model, organization: Acme, dependencies: [], created_date: %s}\n"
    (tmp_path / "acme.yaml").write_text(entry % ("A", "2022-12-12") + entry % ("B", "2022-12-13 10:30:00"))
    reading = read_folder(tmp_path)
    assert values(reading, "acme:model:A", "released_on") == ["2022-12-12"]
    assert values(reading, "acme:model:B", "released_on") == ["2022-12-13"]


@pytest.mark.parametrize(
    ("field", "stated", "counted"),
    [
        ("Apache 2.0", ["Apache 2.0"], "taken"),
        ({"value": "MIT", "explanation": "see the file"}, ["MIT"], "taken"),
        ("unknown", [], "not said"),
        ("None", [], "not said"),
        ("", [], "not said"),
        ("x" * 101, [], "longer than 100 characters"),
        (["MIT"], [], "not a text"),
    ],
)
def test_a_licence_is_stated_where_it_is_a_short_text(read: Any, field: Any, stated: list[str], counted: str) -> None:
    reading = read(asset("Thing", license=field))
    assert values(reading, "acme:model:Thing", "licence") == stated
    assert reading.counts["license", counted] == 1


def test_a_size_is_stated_where_it_is_a_short_text(read: Any) -> None:
    reading = read(asset("A", size="7B parameters"), asset("B", size="unknown"))
    assert values(reading, "acme:model:A", "size_stated") == ["7B parameters"]
    assert values(reading, "acme:model:B", "size_stated") == []


# what is not taken


def test_prose_is_not_taken_and_counted_by_field(read: Any) -> None:
    reading = read(asset("Thing", description="Long prose", analysis={"value": "More", "explanation": ""}, feedback=""))
    assert "prose" not in repr(reading.drafts)
    assert reading.counts["not taken", "description"] == reading.counts["not taken", "analysis"] == 1
    assert reading.counts["empty", "feedback"] == 1


def test_fields_that_may_lead_to_items_are_dropped_at_any_depth_and_counted(read: Any) -> None:
    reading = read(asset("Thing", "dataset", sample=["x"], size={"value": "1", "sha256": "y", "more": [{"thumbnail": "z"}]}))
    assert {item: count for (heading, item), count in reading.counts.items() if heading == "dropped for safety"} == {
        "sample": 1, "sha256": 1, "thumbnail": 1,
    }  # fmt: skip


def test_stray_keys_are_counted_under_their_name_unless_the_guard_refuses_it(read: Any) -> None:
    reading = read(asset("Thing", value="2024-10-22") | {"http://a.example/b": 1}, asset("Other", size={"value": "1", "odd": 2}))
    assert reading.counts["stray fields", "value"] == reading.counts["stray fields", "size, odd"] == 1
    assert reading.counts["stray fields", "a name that the guard refuses"] == 1
    assert "a.example" not in repr(reading)


def test_a_text_that_the_guard_refuses_is_dropped_by_rule_and_the_record_goes_on(read: Any) -> None:
    address = "see https://a.example/terms"
    reading = read(asset("Thing", license=address, dependencies=[address, "Data"], organization=address, size="1B"))
    assert [said.predicate for said in draft(reading, "acme:model:Thing").statements] == ["depends_on", "size_stated"]
    assert reading.counts["refused by the guard", "web_address"] == 3
    assert "a.example" not in repr(reading)


def test_a_record_whose_name_the_guard_refuses_is_left_out_and_counted(read: Any) -> None:
    reading = read(asset("https://a.example/x"), asset("Child", dependencies=["Data"]))
    assert keys(reading, "model") == ["acme:model:Child"]
    assert reading.counts["entries", "with a name that the guard refuses"] == 1


def test_every_field_of_every_entry_is_taken_dropped_or_counted(read: Any) -> None:
    told = {"license": "MIT", "size": "1", "created_date": 1}
    fields = told | {"url": "https://a.example", "nationality": "", "sample": [], "odd": 1}
    counts: Counts = read(asset("Thing", "dataset", **fields)).counts
    headings = {"not taken", "empty", "dropped for safety", "stray fields", "organisation field", *told}
    assert sum(count for (heading, _), count in counts.items() if heading in headings) == len(fields) + 1


# files


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("- name: [unclosed\n", "not YAML in line"),
        ("name: a mapping\n", "a list of assets is expected"),
        ("- just a text\n", "a list of assets is expected"),
        ("", "a list of assets is expected"),
        ("- {name: A, created_date: 2022-02-31}\n", "cannot be read"),
    ],
)
def test_a_malformed_file_is_named_in_one_line(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "good.yaml").write_text("- {name: A, type: model}\n")
    (tmp_path / "worse.yaml").write_text(content)
    with pytest.raises(InvalidInput, match=rf"^assets/worse\.yaml: .*{words}.*$"):
        read_folder(tmp_path)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "worse.yaml").write_bytes(b"- name: \xff\xfe\n")
    with pytest.raises(InvalidInput, match=r"assets/worse\.yaml"):
        read_folder(tmp_path)


def test_a_wrong_path_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="There is no folder"):
        read_folder(tmp_path / "nowhere")
    with pytest.raises(InvalidInput, match="no YAML files"):
        read_folder(tmp_path)


def test_the_folder_and_its_assets_read_the_same(read: Any, tmp_path: Path) -> None:
    reading = read(asset("Thing"))
    assert read_folder(tmp_path / "assets") == reading
