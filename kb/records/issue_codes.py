"""The registry of issue codes: what can be wrong, and how other taxonomies call it.

Mappings are to the MIT AI Risk Repository's subdomains and to AVID's codes. `hazard` marks
the codes for which the safety rules on unlawful material hold; `alleges` those that accuse
somebody of wrongdoing, whose titles name the claimant; `conduct` those that are about what
somebody did and not about what an artifact holds: they reach nothing downstream.
"""

from dataclasses import dataclass

TAXONOMY_RELEASE = "MIT AI Risk Repository, 24 subdomains; AVID taxonomy 0.2"


@dataclass(frozen=True, slots=True)
class IssueCode:
    """One row of the taxonomy of issues."""

    code: str
    name: str
    label: str
    mit: str
    avid: str = ""
    hazard: bool = False
    alleges: bool = False
    conduct: bool = False


_ALL = (
    IssueCode("D01", "csam_in_index", "Child sexual abuse material in an index", "1.2", "P0104,E0301", hazard=True),
    IssueCode("D02", "ncii", "Intimate images without consent", "4.3", hazard=True),
    IssueCode("D03", "other_unlawful_content", "Other unlawful content", "1.2", hazard=True),
    IssueCode("D04", "hateful_or_toxic", "Hateful or toxic content", "1.2", "E0301"),
    IssueCode("D05", "trauma_or_atrocity_imagery", "Images of trauma or atrocity", "1.2", "P0401"),
    IssueCode("D06", "representational_bias", "Bias in representation (misogyny, racism)", "1.1", "E0100"),
    IssueCode("D07", "unequal_coverage", "Unequal coverage", "1.3", "E0101"),
    IssueCode("D08", "childrens_images_lawful", "Lawful images of children", "2.1", "P0300"),
    IssueCode("D09", "personal_data", "Personal data", "2.1", "P0301"),
    IssueCode("D10", "biometric_or_medical_data", "Biometric or medical data", "2.1"),
    IssueCode("D11", "copyright_unlicensed", "Copyrighted work without licence", "6.3", alleges=True),
    IssueCode("D12", "licence_violation", "Breach of a licence", "6.3", alleges=True),
    IssueCode("D13", "consent_ignored", "Consent not asked or ignored", "2.1, 6.3"),
    IssueCode("D14", "poisoning", "Poisoning", "2.2", "S0600,S0601"),
    IssueCode("D15", "data_quality", "Data quality", "7.3", "P0104"),
    IssueCode("D16", "benchmark_contamination", "Benchmark contamination", "7.3"),
    IssueCode("D17", "undocumented_provenance", "Undocumented provenance", "7.4", "E0200"),
    IssueCode("D18", "labour_harm_in_curation", "Harm to workers in curation", "6.2", "P0401"),
    IssueCode("D19", "environmental", "Environmental cost", "6.6", "P0404"),
    IssueCode("D20", "index_security", "Security of an index (link rot, hijack)", "2.2", "S0200"),
    IssueCode("M01", "memorisation", "Memorisation of training data", "2.1", "S0500,S0501"),
    IssueCode("M02", "generates_unlawful_child_material", "Generates unlawful material about children", "1.2, 4.3", hazard=True),
    IssueCode("M03", "ncii_or_deepfake_capability", "Intimate images without consent or deepfakes", "4.3", hazard=True),
    IssueCode("M04", "discriminatory_output", "Discriminatory output", "1.1", "E0101"),
    IssueCode("M05", "misinformation", "Misinformation", "3.1", "E0402"),
    IssueCode("M06", "safeguard_bypass", "Safeguards bypassed", "2.2", "S0400"),
    IssueCode("M07", "dangerous_capability", "Dangerous capability", "7.2"),
    IssueCode("M08", "unreliability", "Unreliability", "7.3", "P0204"),
    IssueCode("M09", "supply_chain_or_malicious_weights", "Supply chain or malicious weights", "2.2", "S0201"),
    IssueCode("M10", "undisclosed_training_data", "Undisclosed training data", "7.4"),
    IssueCode("G01", "misuse", "Misuse", "4.3"),
    IssueCode("G02", "surveillance", "Surveillance", "4.1"),
    IssueCode("G03", "obligation_unmet", "Obligation unmet", "6.5", alleges=True, conduct=True),
    IssueCode("G04", "inadequate_response", "Inadequate response", "6.5", alleges=True, conduct=True),
    IssueCode("G05", "unsafe_use_context", "Unsafe context of use", "5.1"),
    IssueCode("G06", "misleading_claims", "Misleading claims", "3.1", alleges=True, conduct=True),
    IssueCode("G07", "access_removed", "Access for audit removed", "7.4", conduct=True),
    IssueCode("G08", "power_concentration", "Concentration of power", "6.1", conduct=True),
)

ISSUE_CODES: dict[str, IssueCode] = {row.code: row for row in _ALL}
HAZARDS = frozenset(row.code for row in _ALL if row.hazard)
CONDUCT = frozenset(row.code for row in _ALL if row.conduct)
