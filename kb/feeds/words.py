"""The words of feeds: how a poll ended, what becomes of an entry, how a feed stands, which items a feed leaves out.

What brings a feed or an entry from one to another is said in `poll.py`, `quality.py` and `triage.py`.
"""

from kb.core.vocabulary import Term, Vocabulary, plain

OUTCOMES = Vocabulary(
    "outcome of a poll",
    Term("new", "New entries", "Something was new or edited."),
    Term("unchanged", "Unchanged", "The same document as before."),
    Term("not_modified", "Not modified", "The server says that nothing changed."),
    Term("told_to_wait", "Told to wait", "The server asks for fewer polls (429 or 503)."),
    Term("failed", "Failed", "No document came."),
    Term("unreadable", "Unreadable", "What came is no feed that can be read."),
    Term("gone", "Gone", "The server says that the feed is gone for good (410)."),
    Term("held", "Held", "What came looks unlike this feed; nothing of it is stored."),
)
# The document was had, or is known to be the same.
GOOD = frozenset({"new", "unchanged", "not_modified"})

ENTRY_STATES = Vocabulary(
    "state of an entry",
    Term("inbox", "In the inbox", "Waits for an editor."),
    Term("aside", "Set aside", "Names no record; it can be searched, and comes back when a new name fits."),
    Term("report", "Proposed as a report", "An editor proposed it as a report."),
    Term("evidence", "Proposed as evidence", "An editor attached it to a statement."),
    Term("issue", "Issue begun", "An editor began an issue with it."),
    Term("ignored", "Ignored", "An editor saw no use for it."),
    Term("muted", "Muted", "Its story is muted."),
    Term("withheld", "Withheld", "The guard refused its title: nothing of its text was stored."),
)
# What an editor's decision led to; such an entry never moves back by itself.
DECIDED = frozenset({"report", "evidence", "issue", "ignored", "muted"})
# Decisions that put something forward: what a feed is worth is counted by them.
PROPOSED = frozenset({"report", "evidence", "issue"})

MENTION_OUTCOMES = plain("recognition", proposed="Proposed", queued="To be looked at", dropped="Dropped")

FEED_EVENTS = plain(
    "event of a feed", added="Added", on="Turned on", off="Turned off", moved="Address followed", unmoved="Move undone",
    gone="Marked as gone", held="Held for an editor", released="Released", gap="Gap between two polls", edited="Edited",
    removed="Removed",
)  # fmt: skip

# Items that a feed leaves out before they are stored, by a fixed rule: code, label.
ITEM_RULES = Vocabulary(
    "items left out",
    Term("none", "None", "Every item is taken."),
    Term("arxiv_new", "arXiv: replacements", "Only papers announced as new or cross-listed; replaced versions are left out."),
)
