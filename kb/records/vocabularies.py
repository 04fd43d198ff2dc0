"""The closed vocabularies that statements, evidence and details draw their codes from.

Predicates and kinds have registries of their own; this module holds the words they use.
Mappings name the field each term comes from (AI Act, PROV, AVID, CSET, MIT, VEX, CVE).
"""

from kb.core.vocabulary import Term, Vocabulary, plain

CARRIES = Vocabulary(
    "carries",
    Term("full", "passes everything on", "What is wrong in the parent is inherited by the child."),
    Term("partial", "may pass on only a part", "Part of the parent reached the child; an issue may or may not be among it."),
    Term("unknown", "not said what passed", "Nobody has said what passed from parent to child."),
    Term("none", "passes nothing on", "A tool or a test: shown one step from the root, never followed."),
)

# What a whole path carries: as little as its least carrying step.
PATHS = plain(
    "path",
    full="every step passes everything on",
    partial="a step may have passed on only a part",
    unknown="at a step nobody has said what passed",
    none="a step passes nothing on",
)

# The order of strength: a path is as strong as its weakest statement.
STATUSES = Vocabulary(
    "status",
    Term("confirmed", "Confirmed", "Disclosed by the responsible party, a court or a regulator, or technically verified."),
    Term("corroborated", "Corroborated", "Two or more sources with recorded independence say so."),
    Term("reported", "Reported", "One source says so, or several whose independence is not recorded."),
    Term("inferred", "Inferred", "Derived by a named method and not checked: a lead, not a finding."),
    Term("disputed", "Disputed", "A source or a party contradicts it."),
    Term("needs_source", "Needs a source", "No evidence is on record. It is shown as such and never followed."),
    Term("refuted", "Refuted", "Contradicted with evidence and supported by none. Left out unless asked for."),
    Term("retracted", "Retracted", "Taken back by an editor with a public reason. Left out unless asked for."),
)

STANCES = plain("stance", supports="supports", disputes="disputes", mentions="mentions")

EVIDENCE_KINDS = Vocabulary(
    "evidence kind",
    Term("official_disclosure", "Official disclosure"),
    Term("model_card", "Model card"),
    Term("paper", "Paper"),
    Term("code_or_config", "Code or configuration"),
    Term("regulatory_filing", "Regulatory filing"),
    Term("court_record", "Court record"),
    Term("technical_audit", "Technical audit"),
    Term("journalism", "Journalism"),
    Term("database_entry", "Database entry"),
    Term("leak", "Leak"),
    Term("public_statement", "Public statement"),
    Term("inference", "Inference", "Derived by a named method; the gist names it."),
)

CONFIDENCES = plain("confidence", high="high", moderate="moderate", low="low")

RANKS = plain("rank", preferred="Preferred", normal="Normal", deprecated="Deprecated")

AVAILABILITY = Vocabulary(
    "availability",
    Term("available", "Available"),
    Term("gated", "Gated", "Access on request or under conditions."),
    Term("restricted", "Restricted"),
    Term("withdrawn", "Withdrawn", "By its provider."),
    Term("taken_down", "Taken down", "By a host or by order."),
    Term("superseded", "Superseded"),
    Term("mirrored_elsewhere", "Mirrored elsewhere"),
    Term("never_public", "Never public"),
    Term("unknown", "Unknown"),
)

DISCLOSURE_TOPICS = plain(
    "disclosure topic",
    training_data="Training data", data_sources="Data sources", filtering="Filtering", labour="Labour",
    consent_and_opt_out="Consent and opt-out", evaluation="Evaluation", compute="Compute",
    deployment="Deployment", known_issues="Known issues",
)  # fmt: skip

DISCLOSURE_STATES = Vocabulary(
    "disclosure state",
    Term("disclosed", "Disclosed"),
    Term("partly_disclosed", "Partly disclosed"),
    Term("not_disclosed", "Not disclosed"),
    Term("withheld", "Withheld", "Refused when asked."),
    Term("withdrawn", "Withdrawn"),
    Term("unknown", "Unknown"),
)

# VEX names; `not_affected` and `fixed` stop an issue on that path.
IMPACTS = Vocabulary(
    "impact",
    Term("affected", "Affected", "The issue is present in this artifact.", "VEX affected"),
    Term("not_affected", "Not affected", "With a justification.", "VEX not_affected"),
    Term("fixed", "Fixed", "In this version, according to the source named.", "VEX fixed"),
    Term("mitigated", "Mitigated", "Still there and passed on, with a mitigation on record."),
    Term("under_investigation", "Under investigation", "", "VEX under_investigation"),
    Term("unknown", "Unknown"),
)

CHECKS = plain("known-list check", done="Done", not_done="Not done", contested="Contested")

MEASURES = Vocabulary(
    "measure",
    Term("image_text_pairs", "Image-text pairs", "Pairs of a link to an image and its text in the whole index."),
    Term("images", "Images", "Images, as the source counts them."),
    Term("links", "Links", "Links in the index."),
    Term("links_suspected", "Links suspected", "Links that the investigators suspected, before outside validation."),
    Term("links_validated", "Links validated", "Links whose content a hotline or a known-list service validated."),
    Term("links_identified", "Links identified", "Links identified as suspected or verified, as press reports count them."),
    Term("links_removed", "Links removed", "Links taken out of a release, the maker's upper limit of matches."),
    Term("reports_received", "Reports received", "Reports sent to a hotline; not a count of images."),
    Term("files_reported", "Files in reports", "Files attached to reports sent to a hotline."),
    Term("images_with_location", "Images with location data", "Linked images whose file gives an exact place."),
    Term("parameters", "Parameters", "Weights of a model."),
    Term("training_steps", "Training steps", "Steps of one training phase."),
    Term("tokens", "Tokens", "Tokens of text."),
    Term("documents", "Documents", "Documents, pages or files."),
    Term("people_invited", "People invited", "Names on an invitation list."),
    Term("transparency_score", "Transparency score", "Points out of 100 in a transparency index."),
    Term("repositories", "Code repositories", "Repositories whose code loads a model."),
    Term("users", "Users", "People who use a product, as the source counts them."),
    Term("hourly_pay_usd", "Pay per hour in US dollars", "What workers took home, as reported."),
    Term("hate_content_rise_percent", "Rise in hateful content, per cent", "Change between two datasets in a study."),
    Term("recommendations", "Recommendations", "Recommendations that a report makes."),
    Term("other", "Other", "What is counted stands in the note."),
)

# How a report covers a record, where it is not what the report is about.
COVERAGES = plain("coverage", mention="In passing")

TOOL_STATES = plain("tool state", up="In use", withdrawn="Withdrawn", replaced="Replaced", unknown="Unknown")

RECOMMENDATION_STATES = plain(
    "recommendation state",
    open="Open, no outcome on record", adopted="Adopted", partly_adopted="Partly adopted", declined="Declined",
    no_response="No response", superseded="Superseded",
)  # fmt: skip

LEGISLATION_STAGES = plain(
    "legislation stage",
    drafted="Drafted", introduced="Introduced", in_committee="In committee", reported="Reported",
    passed_one_chamber="Passed one chamber", passed_both="Passed both chambers", reconciliation="Reconciliation",
    presented="Presented", enacted="Enacted", in_force="In force", partially_in_force="Partially in force",
    amended="Amended", vetoed="Vetoed", failed="Failed", withdrawn="Withdrawn", expired="Expired (session ended)",
    superseded="Superseded", repealed="Repealed", annulled="Annulled",
)  # fmt: skip

PROVISION_KINDS = plain(
    "provision kind",
    obligation="Obligation", prohibition="Prohibition", permission="Permission", right="Right",
    definition="Definition", scope="Scope", exemption="Exemption", delegation="Delegation",
    enforcement="Enforcement", penalty="Penalty", date="Date", finding="Finding",
)  # fmt: skip

REPORT_TYPES = plain(
    "report type",
    study="Study", paper="Paper", article="Article", essay="Essay", model_card="Model card", dataset_card="Dataset card",
    readme="Project documentation", blog_post="Blog post", statement="Statement", court_record="Court record",
    law_text="Text of a law or bill", government_page="Government page", submission="Submission",
    database="Database", database_entry="Database entry", index="Index", statistics="Statistics", other="Other",
)  # fmt: skip

REPORT_STAGES = plain(
    "report stage",
    announced="Announced", preprint="Preprint", published="Published", corrected="Corrected", retracted="Retracted",
)  # fmt: skip

INDEPENDENCE = Vocabulary(
    "independence",
    Term("original", "Own work", "The report rests on work of its own; what else it relies on is recorded."),
    Term("derivative", "Repeats others", "A reprint or summary of other reports."),
    Term("unknown", "Not recorded", "Nobody has recorded what the report relies on; it counts once with others."),
)

PARTY_TYPES = plain(
    "party type",
    company="Company", nonprofit="Non-profit organisation", university="University or research group",
    public_body="Public body", legislature="Legislature", court="Court", media="Publisher or newsroom",
    person="Person", group="Affected group", community="Open community", other="Other",
)  # fmt: skip

FRAMES = plain(
    "frame",
    child_safety="Child safety", data_rights="Data rights", copyright="Copyright", labour="Labour",
    discrimination="Discrimination", privacy="Privacy", security="Security", transparency="Transparency",
)  # fmt: skip

HARM_STATUSES = plain(
    "harm status",
    event="Harm on record", near_miss="Near miss", hazard="Possible harm", none_known="No harm known", unclear="Harm unclear",
)  # fmt: skip

FOUND_BY = plain("found by", external="Outsiders", internal="Insiders", unknown="Not recorded")

SEVERITIES = plain(
    "severity",
    S0="Not assessed", S1="Informational", S2="Low", S3="Moderate", S4="High", S5="Critical",
)  # fmt: skip

# A party's public statement elsewhere is evidence: these are states of a reply to Upstream.
RIGHT_OF_REPLY = Vocabulary(
    "right of reply",
    Term("requested", "Asked", "The party was asked, and has until the date given to reply."),
    Term("received", "Reply received", "The party replied to Upstream; the reply stands verbatim."),
    Term("declined", "Declined to reply", "The party told Upstream that it does not reply."),
    Term("no_response", "No reply", "The party was asked and did not reply in time. This is not evidence of fault."),
    Term("waived", "Not asked", "Upstream did not ask, for the reason given."),
)

DISPUTE_STATES = Vocabulary(
    "dispute state",
    Term("under_review", "Under review", "Undecided: what it is about is contested."),
    Term("upheld", "Upheld", "The dispute was right."),
    Term("partly_upheld", "Partly upheld", "The dispute was right in part."),
    Term("not_upheld", "Not upheld", "The content stands."),
    Term("withdrawn", "Withdrawn", "Taken back by whoever raised it."),
)
