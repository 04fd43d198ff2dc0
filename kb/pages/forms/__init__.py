"""The forms of pages, by area."""
