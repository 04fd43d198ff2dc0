"""The words of review: states of a proposal, what it proposes, and how a submitter is credited (VOCABULARY 6).

Who may move a proposal from one state to another is said in `policy.py`.
"""

from kb.core.vocabulary import Term, Vocabulary, plain

STATES = Vocabulary(
    "state of a proposal",
    Term("draft", "Draft", "Being written; nobody but its writer sees it."),
    Term("submitted", "Submitted", "Waits for a reviewer to take it on."),
    Term("triage", "In triage", "A reviewer reads it for the first time."),
    Term("needs_info", "Needs information", "Waits for an answer of the submitter."),
    Term("duplicate", "Duplicate", "Somebody reported this before; both are kept together."),
    Term("rejected", "Rejected", "Not taken up, with the reason told to the submitter."),
    Term("embargoed", "Under embargo", "Kept back until a date, with a coordinator named."),
    Term("under_review", "Under review", "Editors judge it and ask the parties it names."),
    Term("published", "Published", "On record, as an edition."),
    Term("withdrawn", "Withdrawn", "Taken back by its submitter before it was published."),
)
# Nothing happens any more unless an editor opens it again.
ENDED = frozenset({"duplicate", "rejected", "published", "withdrawn"})
# What its submitter may still write on.
WRITABLE = frozenset({"draft", "needs_info"})

PROPOSAL_KINDS = Vocabulary(
    "kind of proposal",
    Term("issue", "Issue", "A new issue record with what it affects."),
    Term("correction", "Correction", "A reader's correction of something on record."),
    Term("edit", "Edit", "Changes that an editor or a contributor drew up."),
)

CREDITS = Vocabulary("credit", Term("name", "By name"), Term("pseudonym", "By a pseudonym"), Term("none", "Not at all"))

ITEM_STATES = plain("state of a change", open="Open", accepted="Accepted", declined="Declined")

ORIGINS = plain("origin", form="Form", api="API", desk="Desk", feed="Feed")

# What a row of the log says that somebody did.
ACTIONS = plain(
    "action", submit="Submitted", answer="Answered", withdraw="Withdrawn", take="Taken on", ask="Submitter asked",
    mark_duplicate="Marked as duplicate", start_review="Review begun", reject="Rejected", embargo="Put under embargo",
    prolong="Embargo changed",
    no_embargo="Decided against an embargo", lift="Embargo lifted", expire="Embargo ended", approve="Approved",
    publish="Published", publish_on_time="Published when the embargo ended", reopen="Opened again",
    amend_change="Change amended", add_change="Change added", accepted_change="Change accepted",
    declined_change="Change declined", confirm_current="Confirmed as current", assess="Severity assessed", assign="Assigned",
    waive_reply="Reply waived", moderate_reply="Reply moderated", ask_again="Party asked again",
    confirm_answer="Answer confirmed", take_back_reply="Taken back about a reply", share="Shared in confidence",
    revoke_link="Link closed",
    mend="Mended by the submitter", take_over="Mended filing taken over", purge="Purged",
)  # fmt: skip

# What of it alters the changes of a submitter.
WRITTEN_BY_DESK = ("amend_change", "add_change", "declined_change")

# Whom a proposal waits for.
WAITING = plain(
    "waiting", reviewer="A reviewer", editors="Editors", submitter="The submitter", party="A party", date="A date",
)  # fmt: skip

WAITS_ON: dict[str, str] = {
    "draft": "submitter", "submitted": "reviewer", "triage": "reviewer", "needs_info": "submitter", "embargoed": "date",
    "under_review": "editors",
}  # fmt: skip
