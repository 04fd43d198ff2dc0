"""The registry of predicates: everything a statement may say, and about what.

Each row says which kinds it connects, which column holds its value, whether a parent's issues
travel along it (`carries`), and how it reads in both directions. Checks, forms, filters, pages,
the API schema and the lineage engine read this registry; nothing about a predicate stands elsewhere.
"""

from kb.core.vocabulary import Vocabulary
from kb.records import vocabularies as words
from kb.records.kinds import ARTIFACTS, EVERY_KIND
from kb.records.predicate import Carries, Column, Group, Predicate

__all__ = ["GROUP_TITLES", "LINEAGE", "PREDICATES", "RESPONSIBLE_ROLES", "ROLES", "Predicate"]


def _or_unresolved(*kinds: str) -> frozenset[str]:
    """An `unresolved` record may stand at either end of any lineage relation."""
    return frozenset(kinds) | {"unresolved"}


DATASET, MODEL, PRODUCT = _or_unresolved("dataset"), _or_unresolved("model"), _or_unresolved("product")
PARTY = frozenset({"party"})
REPORT = frozenset({"report"})
LAW = frozenset({"legislation"})
ISSUE = frozenset({"issue"})


def _edge(
    code: str, child: frozenset[str], parent: frozenset[str], carries: Carries, reads: str, inverse: str, *, is_use: bool = False
) -> Predicate:
    return Predicate(code, "lineage", reads, inverse, child, objects=parent, carries=carries, is_use=is_use)


_LINEAGE = (
    _edge("collected_from", DATASET, DATASET, "full", "was collected from", "was collected into"),
    _edge("subset_of", DATASET, DATASET, "partial", "is a subset of", "has the subset"),
    _edge("filtered_from", DATASET, DATASET, "partial", "was filtered from", "was filtered into"),
    _edge("deduplicated_from", DATASET, DATASET, "full", "was deduplicated from", "was deduplicated into"),
    _edge("annotated_from", DATASET, DATASET, "full", "adds annotations to", "was annotated as"),
    _edge("translated_from", DATASET, DATASET, "full", "was translated from", "was translated into"),
    _edge("augmented_from", DATASET, DATASET, "full", "was augmented from", "was augmented into"),
    _edge("merged_from", DATASET, DATASET, "full", "was merged from", "was merged into"),
    _edge("mirrored_from", DATASET, DATASET, "full", "is a mirror of", "is mirrored by"),
    _edge("revision_of", DATASET, DATASET, "partial", "is a revision of", "was revised as"),
    _edge("sampled_from", DATASET, DATASET, "partial", "was sampled from", "was sampled into"),
    _edge("synthesised_by", DATASET, MODEL, "partial", "was synthesised by", "synthesised"),
    _edge("filtered_with", DATASET, MODEL, "none", "was filtered with", "was used to filter"),
    _edge("captioned_with", DATASET, MODEL, "none", "was captioned with", "was used to caption"),
    _edge("embedded_with", DATASET, MODEL, "none", "was embedded with", "was used to embed"),
    _edge("trained_on", MODEL, DATASET, "full", "was trained on", "trained"),
    _edge("pretrained_on", MODEL, DATASET, "full", "was pretrained on", "pretrained"),
    _edge("finetuned_on", MODEL, DATASET, "full", "was fine-tuned on", "fine-tuned"),
    _edge("aligned_on", MODEL, DATASET, "full", "was aligned on", "aligned"),
    _edge("validated_on", MODEL, DATASET, "none", "was validated on", "was used to validate"),
    _edge("evaluated_on", MODEL, DATASET, "none", "was evaluated on", "was used to evaluate"),
    _edge("initialised_from", MODEL, MODEL, "full", "was initialised from", "initialised"),
    _edge("finetuned_from", MODEL, MODEL, "full", "was fine-tuned from", "was fine-tuned into"),
    _edge("adapter_of", MODEL, MODEL, "full", "is an adapter of", "has the adapter"),
    _edge("merged_from_models", MODEL, MODEL, "full", "was merged from", "was merged into"),
    _edge("quantised_from", MODEL, MODEL, "full", "was quantised from", "was quantised into"),
    _edge("distilled_from", MODEL, MODEL, "partial", "was distilled from", "was distilled into"),
    _edge("converted_from", MODEL, MODEL, "full", "was converted from", "was converted into"),
    _edge("pruned_from", MODEL, MODEL, "full", "was pruned from", "was pruned into"),
    _edge("contains", MODEL, MODEL, "full", "contains", "is contained in"),
    _edge("trained_on_outputs_of", MODEL, MODEL, "partial", "was trained on outputs of", "had outputs used to train"),
    _edge("uses_model", PRODUCT, MODEL, "full", "ran on", "was run by", is_use=True),
    _edge("calls_api_of", PRODUCT, MODEL, "full", "called the API of", "was called by", is_use=True),
    _edge("embeds", PRODUCT, MODEL, "full", "embeds", "is embedded in"),
    _edge("formerly_used", PRODUCT, MODEL, "full", "formerly ran on", "was formerly run by", is_use=True),
    _edge("retrieves_over", PRODUCT, DATASET, "full", "searched", "was searched by", is_use=True),
    _edge("depends_on", ARTIFACTS, ARTIFACTS, "unknown", "depends on", "is a dependency of"),
    _edge("built_on_product", PRODUCT, PRODUCT, "full", "was built on", "was built into"),
    _edge("rebrand_of", PRODUCT, PRODUCT, "full", "is a rebrand of", "was rebranded as"),
    _edge("bundled_with", PRODUCT, PRODUCT, "unknown", "is bundled with", "bundles"),
)  # fmt: skip

_FAMILY_AND_IDENTITY = (
    Predicate("version_of", "family", "is a version of", "has the version", ARTIFACTS, objects=ARTIFACTS),
    Predicate(
        "possibly_same_as", "identity", "is proposed as the same as", "is proposed as the same as",
        EVERY_KIND, objects=EVERY_KIND, symmetric=True,
    ),
    Predicate(
        "distinct_from", "identity", "is not the same as", "is not the same as",
        EVERY_KIND, objects=EVERY_KIND, symmetric=True,
    ),
)  # fmt: skip


def _value(
    code: str, group: Group, column: Column, reads: str, subjects: frozenset[str] = EVERY_KIND, *,
    codes: Vocabulary | None = None, qualifiers: Vocabulary | None = None, single_valued: bool = False,
) -> Predicate:  # fmt: skip
    return Predicate(
        code, group, reads, "", subjects, column=column, codes=codes, qualifiers=qualifiers,
        qualifier_required=qualifiers is not None, single_valued=single_valued,
    )  # fmt: skip


_VALUES = (
    _value("described_as", "description", "value_text", "is described as"),
    Predicate(
        "claims", "description", "says", "", EVERY_KIND, column="value_text",
        self_report_confirms=False,  # saying something confirms that it was said, never that it is so
    ),
    _value("licence", "description", "value_text", "has the licence", ARTIFACTS),
    _value("modality", "description", "value_text", "works with", ARTIFACTS),
    _value("size_stated", "description", "value_text", "has the stated size", ARTIFACTS),
    _value("released_on", "description", "value_date", "was released on", ARTIFACTS),
    _value("intended_use", "description", "value_text", "is intended, as its maker says, for", ARTIFACTS),
    _value("use_warned_against", "description", "value_text", "comes with a warning against", ARTIFACTS),
    _value("figure", "figure", "value_integer", "counts", qualifiers=words.MEASURES),
    _value("rate", "figure", "value_decimal", "counts", qualifiers=words.MEASURES),
    _value(
        "disclosure", "disclosure", "value_code", "disclosure of", ARTIFACTS,
        codes=words.DISCLOSURE_STATES, qualifiers=words.DISCLOSURE_TOPICS, single_valued=True,
    ),
    _value("availability", "availability", "value_code", "is or was", ARTIFACTS | REPORT, codes=words.AVAILABILITY),
)  # fmt: skip

# A page that says "affects" of a fixed or unknown impact would accuse.
_IMPACT_READS = {
    "affected": ("is present in", "holds"),
    "not_affected": ("does not affect", "is not affected by"),
    "fixed": ("is fixed in", "is said to have fixed"),
    "mitigated": ("is present, with a mitigation on record, in", "holds, with a mitigation on record,"),
    "under_investigation": ("is under investigation for", "is under investigation for"),
    "unknown": ("is neither known nor ruled out for", "is neither known nor ruled out to hold"),
}
_IMPACT = (
    Predicate(
        "impact", "impact", "affects", "is affected by", ISSUE, objects=ARTIFACTS,
        qualifiers=words.IMPACTS, qualifier_required=True, qualifier_reads=_IMPACT_READS, self_report_confirms=False,
    ),
    Predicate("raised_by", "impact", "was raised by", "raised", ISSUE, objects=REPORT),
    Predicate("outcome", "impact", "had the outcome", "", ISSUE, column="value_text"),
)  # fmt: skip


def _role(
    code: str, reads: str, inverse: str, subjects: frozenset[str] = EVERY_KIND, *,
    party_types: frozenset[str] | None = None, evidence_kinds: frozenset[str] | None = None,
) -> Predicate:  # fmt: skip
    return Predicate(
        code, "role", reads, inverse, subjects, objects=PARTY, party_types=party_types, evidence_kinds=evidence_kinds
    )


_COURT = frozenset({"court_record"})
_ORGANISATIONS = frozenset(words.PARTY_TYPES) - {"person", "group"}

# VOCABULARY 3. `whistleblower` is missing on purpose: it never stands in a public table.
_ROLES = (
    _role("creator", "was created by", "created"),
    _role("curator", "was curated by", "curated"),
    _role("data_source", "took data from", "was a source of data for"),
    _role("annotator", "was annotated by", "annotated", party_types=_ORGANISATIONS),
    _role("trainer", "was trained by", "trained"),
    _role("provider", "is provided by", "provides"),
    _role("modifier", "was modified by", "modified"),
    _role("integrator", "was built by", "built"),
    _role("publisher", "was published by", "published"),
    _role("distributor", "is distributed by", "distributes"),
    _role("importer", "is imported by", "imports"),
    _role("host", "is hosted by", "hosts"),
    _role("deployer", "is deployed by", "deploys"),
    _role("operator", "is operated by", "operates"),
    _role("maintainer", "is maintained by", "maintains"),
    _role("funder", "was funded by", "funded"),
    _role("compute_provider", "was given compute by", "gave compute to"),
    _role("owner", "is owned by", "owns"),
    _role("parent_company", "has the parent company", "is the parent company of"),
    _role("rights_holder", "has the rights holder", "holds rights in"),
    _role("affected_group", "affects", "is affected by", party_types=frozenset({"group"})),
    _role("regulator", "has the regulator", "regulates"),
    _role("enforcer", "is or would be enforced by", "enforces or would enforce"),
    _role("legislature", "was taken up by", "took up"),
    _role("committee", "was referred to", "was referred"),
    _role("sponsor", "was sponsored by", "sponsored"),
    _role("cosponsor", "was cosponsored by", "cosponsored"),
    _role("author", "was written by", "wrote"),
    _role("researcher", "was researched by", "researched"),
    _role("journalist", "was reported by", "reported"),
    _role("commissioner", "was commissioned by", "commissioned"),
    _role("finder", "was found by", "found"),
    _role("reporter", "was brought forward by", "brought forward"),
    _role("analyst", "was analysed by", "analysed"),
    _role("verifier", "was verified by", "verified"),
    _role("coordinator", "was coordinated by", "coordinated"),
    _role("remediator", "was remediated by", "remediated"),
    _role("watchdog", "is watched by", "watches"),
    _role("convener", "was convened by", "convened"),
    _role("invitee", "invited", "was invited to"),
    _role("plaintiff", "has the plaintiff", "is plaintiff in", evidence_kinds=_COURT),
    _role("defendant", "has the defendant", "is defendant in", evidence_kinds=_COURT),
    _role("intervenor", "has the intervenor", "intervened in", evidence_kinds=_COURT),
    _role("respondent", "has the respondent", "is respondent in"),
    _role("spokesperson", "has the spokesperson", "speaks for"),
)

ANYTHING_BUT_LAW = EVERY_KIND - LAW
_EVENTS = (
    Predicate("notified", "event", "notified", "was notified by", PARTY, objects=EVERY_KIND),
    Predicate("answered", "event", "answered", "was answered by", PARTY, objects=EVERY_KIND),
    Predicate("acted", "event", "acted on", "was acted on by", PARTY, objects=EVERY_KIND),
    Predicate("warned", "event", "warned about", "was warned about by", PARTY | REPORT, objects=EVERY_KIND),
    Predicate(
        "recommended_to", "event", "recommended to", "received a recommendation from", PARTY | REPORT,
        objects=PARTY | ARTIFACTS, qualifiers=words.RECOMMENDATION_STATES,
    ),
    Predicate(
        "recommends", "event", "recommends", "", PARTY | REPORT,
        column="value_text", qualifiers=words.RECOMMENDATION_STATES,
    ),
    Predicate("consulted", "event", "consulted", "was consulted by", PARTY, objects=PARTY),
    Predicate("invited", "event", "invited", "was invited by", PARTY, objects=PARTY),
    Predicate("decided", "event", "decided", "", PARTY, column="value_text"),
    Predicate("decided_on", "event", "decided on", "was decided on by", PARTY, objects=EVERY_KIND),
    Predicate(
        "checked_against_known_list", "event", "was checked against lists of known material:", "",
        ARTIFACTS, column="value_code", codes=words.CHECKS, single_valued=True, self_report_confirms=False,
    ),
    Predicate("filter_applied", "event", "had a filter applied:", "", ARTIFACTS, column="value_text"),
    Predicate(
        "labour_arrangement", "event", "had work done by", "did work for",
        PARTY | ARTIFACTS, objects=PARTY, party_types=_ORGANISATIONS,
    ),
    Predicate(
        "search_or_opt_out_tool_for", "event", "is a search or opt-out tool for", "can be searched or opted out of with",
        frozenset({"product"}), objects=ARTIFACTS, qualifiers=words.TOOL_STATES, qualifier_required=True,
    ),
    Predicate("submitted_on", "event", "made a submission on", "received a submission from", PARTY, objects=EVERY_KIND),
    Predicate("took_down", "event", "took down", "was taken down by", PARTY, objects=ARTIFACTS | REPORT),
    Predicate("released", "event", "released", "was released by", PARTY, objects=ARTIFACTS | REPORT),
    Predicate("re_released", "event", "re-released", "was re-released by", PARTY, objects=ARTIFACTS | REPORT),
    Predicate("affiliated_with", "event", "is or was affiliated with", "has or had the affiliate", PARTY, objects=PARTY),
    Predicate("holds_office", "event", "holds or held the office of", "", PARTY, column="value_text"),
)  # fmt: skip

_COVERAGE = (
    Predicate(
        "covers",
        "coverage",
        "covers",
        "is covered by",
        REPORT,
        objects=EVERY_KIND,
        qualifiers=words.COVERAGES,
        qualifier_reads={"mention": ("mentions", "is mentioned in")},
    ),
    Predicate("cites", "coverage", "cites", "is cited by", REPORT, objects=REPORT),
    Predicate("relies_on", "coverage", "relies on", "is relied on by", REPORT, objects=REPORT),
)


def _law(code: str, reads: str, inverse: str, *, symmetric: bool = False) -> Predicate:
    return Predicate(code, "law", reads, inverse, LAW, objects=LAW, symmetric=symmetric)


_LAWS = (
    Predicate("stage", "law", "reached the stage", "", LAW, column="value_code", codes=words.LEGISLATION_STAGES),
    _law("companion", "is the companion of", "is the companion of", symmetric=True),
    _law("identical", "is identical to", "is identical to", symmetric=True),
    _law("prior_session", "continues from the prior session", "was continued in the next session by"),
    _law("reintroduced_as", "was reintroduced as", "reintroduces"),
    _law("replaces", "replaces", "is replaced by"),
    _law("amends", "amends", "is amended by"),
    _law("implements", "implements", "is implemented by"),
    _law("related", "is related to", "is related to", symmetric=True),
)

PREDICATES: dict[str, Predicate] = {
    row.code: row for row in (*_LINEAGE, *_FAMILY_AND_IDENTITY, *_VALUES, *_IMPACT, *_ROLES, *_EVENTS, *_COVERAGE, *_LAWS)
}

LINEAGE: dict[str, Predicate] = {row.code: row for row in _LINEAGE}
ROLES: dict[str, Predicate] = {row.code: row for row in _ROLES}

# Who answers for an artifact: their own disclosure confirms a statement about it.
RESPONSIBLE_ROLES = frozenset({
    "creator", "curator", "trainer", "provider", "modifier", "integrator", "publisher", "deployer", "operator", "maintainer",
    "owner",
})  # fmt: skip

GROUP_TITLES: dict[str, str] = {
    "lineage": "What it is built from and built into",
    "family": "Versions",
    "identity": "Same or different",
    "description": "Description",
    "figure": "Figures on record: what each counts",
    "disclosure": "What has been disclosed",
    "availability": "Availability",
    "impact": "What it affects",
    "role": "Who did what",
    "event": "What people did",
    "coverage": "Reports",
    "law": "Legislation",
}
