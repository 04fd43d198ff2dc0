"""What to write in the fields of changes; what they are called is said in `kb.review.terms`."""

from collections.abc import Mapping

from kb.review.terms import LABELS

__all__ = ["HELP", "LABELS"]

HELP: Mapping[str, str] = {
    "start": "A year, a month or a day: 2022, 2022-08 or 2022-08-22.", "end": "A year, a month or a day.",
    "published": "A year, a month or a day.", "quotation": "Word for word, at most 300 characters.",
    "aliases": "One a line.", "identifiers": "One a line: the scheme, a blank, the value.",
    "slug": "Left empty, it is made of the name. The old one leads here for good.",
    "value": "Where the statement points to no record. A word of a list is written as it is shown, such as Not done.",
    "country": "Two capitals, such as DE.",
}  # fmt: skip
