"""Identifier schemes: how each is written, and where a value leads.

The format check refuses what cannot be an identifier of the scheme; it does not ask whether it exists.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

from kb.core.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme of identifiers. `link` is the address of a value, with one placeholder."""

    code: str
    label: str
    form: re.Pattern[str]
    example: str
    link: str = ""


def _scheme(code: str, label: str, form: str, example: str, link: str = "") -> Scheme:
    return Scheme(code, label, re.compile(form, re.ASCII), example, link)


_ALL = (
    _scheme("doi", "DOI", r"10\.\d{4,9}/\S{1,200}", "10.25740/kh752sm9123", "https://doi.org/{}"),
    _scheme("arxiv", "arXiv", r"\d{4}\.\d{4,5}(?:v\d{1,2})?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}", "2110.01963", "https://arxiv.org/abs/{}"),
    _scheme("huggingface", "Hugging Face", r"(?:datasets/)?[\w.-]{1,96}(?:/[\w.-]{1,96})?", "runwayml/stable-diffusion-v1-5"),
    _scheme("github", "GitHub", r"[A-Za-z0-9-]{1,39}/[\w.-]{1,100}", "CompVis/stable-diffusion", "https://github.com/{}"),
    _scheme("wikidata", "Wikidata", r"Q[1-9]\d{0,11}", "Q42", "https://www.wikidata.org/wiki/{}"),
    _scheme("aiid", "AI Incident Database", r"[1-9]\d{0,5}", "465", "https://incidentdatabase.ai/cite/{}"),
    _scheme("aiaaic", "AIAAIC", r"AIAAIC\d{4,6}", "AIAAIC1234"),
    _scheme("avid", "AVID", r"AVID-\d{4}-(?:V|R)?\d{3,6}", "AVID-2023-V005"),
    _scheme("celex", "CELEX", r"[1-9CE]\d{4}[A-Z]{1,2}\d{4}(?:\(\d{2}\))?", "32024R1689", "https://eur-lex.europa.eu/eli/celex/{}"),
    _scheme("eli", "ELI", r"[a-z]+/\d{4}/\d{1,6}(?:/[a-z0-9-]+)*", "reg/2024/1689/oj", "http://data.europa.eu/eli/{}"),
    _scheme("us_bill", "US bill", r"\d{1,3}-(?:hr|s|hjres|sjres|hconres|sconres|hres|sres)-\d{1,5}", "118-hr-6881"),
    _scheme("ca_bill", "California bill", r"\d{8}0(?:AB|SB)\d{1,5}", "202320240AB2013"),
    _scheme("case_number", "Case number", r"[\w /:.-]{3,60}", "310 O 227/23"),
    _scheme("purl_stanford", "Stanford Digital Repository", r"[a-z]{2}\d{3}[a-z]{2}\d{4}", "kh752sm9123", "https://purl.stanford.edu/{}"),
)  # fmt: skip

SCHEMES: dict[str, Scheme] = {scheme.code: scheme for scheme in _ALL}


def check_identifier(scheme: str, value: str) -> None:
    """Raise InvalidInput where the scheme is unknown or the value is not written as the scheme writes it."""
    known = SCHEMES.get(scheme)
    if known is None:
        raise InvalidInput(f"“{scheme[:40]}” is not a known identifier scheme. Known are: {', '.join(SCHEMES)}.")
    if not known.form.fullmatch(value):
        raise InvalidInput(f"“{value[:80]}” is not a {known.label} identifier. One looks like {known.example}.")


def identifier_link(scheme: str, value: str) -> str:
    """Return where an identifier leads, or nothing where the scheme has no public address."""
    known = SCHEMES.get(scheme)
    # What is not written as the scheme writes it is the tombstone of a text that was taken out.
    return known.link.format(quote(value, safe="/:()")) if known and known.link and known.form.fullmatch(value) else ""
