"""Every word of the vocabulary that may be stated stands in a registry, and nothing else is a predicate by accident."""

import pytest
from django.db.models import CharField, TextField

from kb.ledger.guard import public_models
from kb.records import vocabularies as words
from kb.records.detail import NOT_TEXTS, TEXTS
from kb.records.issue_codes import HAZARDS, ISSUE_CODES
from kb.records.kinds import KINDS
from kb.records.models.evidence import Evidence
from kb.records.predicates import GROUP_TITLES, LINEAGE, PREDICATES, RESPONSIBLE_ROLES, ROLES

CARRIED = {
    "full": "collected_from deduplicated_from annotated_from translated_from augmented_from merged_from mirrored_from trained_on "
    "pretrained_on finetuned_on aligned_on initialised_from finetuned_from adapter_of merged_from_models quantised_from "
    "converted_from pruned_from contains uses_model calls_api_of embeds formerly_used retrieves_over built_on_product rebrand_of",
    "partial": "subset_of filtered_from revision_of sampled_from synthesised_by distilled_from trained_on_outputs_of",
    "unknown": "depends_on bundled_with",
    "none": "filtered_with captioned_with embedded_with validated_on evaluated_on",
}
ROLE_CODES = (
    "creator curator data_source annotator trainer provider modifier integrator publisher distributor importer host deployer "
    "operator maintainer funder compute_provider owner parent_company rights_holder affected_group regulator enforcer "
    "legislature committee sponsor cosponsor author researcher journalist commissioner finder reporter analyst verifier "
    "coordinator remediator watchdog convener invitee plaintiff defendant intervenor respondent spokesperson"
)
VOCABULARIES = [
    (words.STATUSES, "confirmed corroborated reported inferred disputed needs_source refuted retracted"),
    (
        words.EVIDENCE_KINDS,
        "official_disclosure model_card paper code_or_config regulatory_filing court_record technical_audit journalism "
        "database_entry leak public_statement inference",
    ),
    (words.STANCES, "supports disputes mentions"),
    (words.CONFIDENCES, "high moderate low"),
    (words.RANKS, "preferred normal deprecated"),
    (words.FRAMES, "child_safety data_rights copyright labour discrimination privacy security transparency"),
    (words.HARM_STATUSES, "event near_miss hazard none_known unclear"),
    (words.FOUND_BY, "external internal unknown"),
    (words.SEVERITIES, "S0 S1 S2 S3 S4 S5"),
    (words.IMPACTS, "affected not_affected fixed mitigated under_investigation unknown"),
    (
        words.DISCLOSURE_TOPICS,
        "training_data data_sources filtering labour consent_and_opt_out evaluation compute deployment known_issues",
    ),
    (words.DISCLOSURE_STATES, "disclosed partly_disclosed not_disclosed withheld withdrawn unknown"),
    (
        words.AVAILABILITY,
        "available gated restricted withdrawn taken_down superseded mirrored_elsewhere never_public unknown",
    ),
    (words.REPORT_STAGES, "announced preprint published corrected retracted"),
    (
        words.LEGISLATION_STAGES,
        "drafted introduced in_committee reported passed_one_chamber passed_both reconciliation presented enacted in_force "
        "partially_in_force amended vetoed failed withdrawn expired superseded repealed annulled",
    ),
    (
        words.PROVISION_KINDS,
        "obligation prohibition permission right definition scope exemption delegation enforcement penalty date finding",
    ),
    (words.RECOMMENDATION_STATES, "open adopted partly_adopted declined no_response superseded"),
    (words.RIGHT_OF_REPLY, "requested received declined no_response waived"),
    (words.DISPUTE_STATES, "under_review upheld partly_upheld not_upheld withdrawn"),
    (words.CARRIES, "full partial unknown none"),
]
ISSUES = {
    "D": "csam_in_index ncii other_unlawful_content hateful_or_toxic trauma_or_atrocity_imagery representational_bias "
    "unequal_coverage childrens_images_lawful personal_data biometric_or_medical_data copyright_unlicensed licence_violation "
    "consent_ignored poisoning data_quality benchmark_contamination undocumented_provenance labour_harm_in_curation "
    "environmental index_security",
    "M": "memorisation generates_unlawful_child_material ncii_or_deepfake_capability discriminatory_output misinformation "
    "safeguard_bypass dangerous_capability unreliability supply_chain_or_malicious_weights undisclosed_training_data",
    "G": "misuse surveillance obligation_unmet inadequate_response unsafe_use_context misleading_claims access_removed "
    "power_concentration",
}


def test_every_relation_of_lineage_carries_what_the_vocabulary_says() -> None:
    assert {code: row.carries for code, row in LINEAGE.items()} == {
        code: carries for carries, codes in CARRIED.items() for code in codes.split()
    }


def test_only_uses_end_with_their_dates() -> None:
    assert {code for code, row in LINEAGE.items() if row.is_use} == {
        "uses_model",
        "calls_api_of",
        "retrieves_over",
        "formerly_used",
    }


def test_an_unresolved_record_may_stand_at_either_end_of_lineage() -> None:
    assert all("unresolved" in row.subjects & row.objects for row in LINEAGE.values())


def test_every_role_may_be_stated_but_whistleblower() -> None:
    assert set(ROLES) == set(ROLE_CODES.split())
    assert set(ROLES) > RESPONSIBLE_ROLES
    assert "whistleblower" not in PREDICATES


@pytest.mark.parametrize(("vocabulary", "codes"), VOCABULARIES, ids=lambda value: getattr(value, "name", ""))
def test_a_vocabulary_has_the_words_that_are_agreed(vocabulary: object, codes: str) -> None:
    assert set(vocabulary) == set(codes.split())  # type: ignore[call-overload]


def test_every_issue_code_has_its_name() -> None:
    agreed = {f"{letter}{number:02}": name for letter, names in ISSUES.items() for number, name in enumerate(names.split(), 1)}
    assert {code: row.name for code, row in ISSUE_CODES.items()} == agreed
    assert {"D01", "D02", "D03", "M02", "M03"} == HAZARDS
    assert {code for code, row in ISSUE_CODES.items() if row.alleges} == {"D11", "D12", "G03", "G04", "G06"}


def test_other_predicates_of_the_vocabulary_are_there() -> None:
    agreed = (
        "version_of impact disclosure availability stage companion identical prior_session reintroduced_as replaces amends "
        "implements related notified answered acted warned recommended_to consulted invited decided checked_against_known_list "
        "filter_applied labour_arrangement search_or_opt_out_tool_for cites submitted_on took_down released re_released "
        "relies_on covers figure"
    )
    assert set(agreed.split()) <= set(PREDICATES)


@pytest.mark.parametrize("code", sorted(PREDICATES))
def test_a_predicate_is_complete(code: str) -> None:
    row = PREDICATES[code]
    assert row.code == code
    assert row.reads
    assert row.group in GROUP_TITLES
    assert row.subjects | row.objects <= set(KINDS)
    assert (row.column == "object") == bool(row.objects)
    assert (row.column == "value_code") == (row.codes is not None)
    assert bool(row.carries) == row.is_lineage
    assert not row.party_types or row.party_types <= set(words.PARTY_TYPES)
    assert not row.evidence_kinds or row.evidence_kinds <= set(words.EVIDENCE_KINDS)
    assert row.qualifiers is not None or not row.qualifier_required


@pytest.mark.parametrize("model", public_models(), ids=lambda model: model.__name__)
def test_every_column_of_characters_is_either_read_by_the_guard_or_known_to_hold_no_words(model: type) -> None:
    columns = {field.attname for field in model._meta.concrete_fields if isinstance(field, CharField | TextField)}  # type: ignore[attr-defined]
    texts, others = set(TEXTS.get(model, ())), set(NOT_TEXTS.get(model, ()))
    assert texts | others == columns
    assert not texts & others


def test_codes_fit_into_their_columns() -> None:
    longest = {"kind": max(map(len, words.EVIDENCE_KINDS)), "stance": max(map(len, words.STANCES))}
    assert all(length <= (Evidence._meta.get_field(name).max_length or 0) for name, length in longest.items())
    assert max(map(len, PREDICATES)) <= 40
