"""Recognising which records a text names. A mention is a lead for an editor: it says that a record is named, and no more."""
