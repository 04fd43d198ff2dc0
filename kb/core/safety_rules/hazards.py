"""What is refused only in the texts of a hazard issue: victims, thresholds, search terms, sites, contacts, hints."""

import re

from kb.core.safety_rules.addresses import NOT_DOMAINS
from kb.core.safety_rules.items import OPEN
from kb.core.safety_rules.rule import any_of, finds, word_of

# Numbers as digits and as words; a lawful limit ("under the age of 16") is no victim's age, nor is the age of a dataset.
_TO_TWELVE = "one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve"
_TEENS = "thirteen, fourteen, fifteen, sixteen, seventeen"
_UNDER_13 = r"(?:1[0-2]|0?\d|" + _TO_TWELVE.replace(", ", "|") + ")"
_TEEN = r"(?:1[3-7]|" + _TEENS.replace(", ", "|") + ")"
_MINOR_WORD = word_of(", ".join((*map(str, range(18)), _TO_TWELVE, _TEENS)))
_ABOUT = r"(?:about |around |only |just |between |from |as young as |approximately |of ){0,2}"
_LAWFUL_LIMIT = "".join(rf"(?<!{word} the a)" for word in ("under", "below", "over", "above", "reach"))
_GRADES = "first, second, third, fourth, fifth, sixth, 1st, 2nd, 3rd, 4th, 5th, 6th, 7th, 8th"
_THINGS = (
    r"(?:compan|firm|start|organi|dataset|data set|model|crawl|snapshot|version|release|tool"
    r"|law|case|bill|rule|act\b|report|paper|stud|finding|project)"
)
VICTIM_AGE = finds(
    rf"a(?<![^\W_].)ge[ds]?:? {_ABOUT}{_UNDER_13}\b(?![,.]\d)",
    rf"a(?<![^\W_].){_LAWFUL_LIMIT}ge[ds]?:? {_ABOUT}{_TEEN}\b(?![,.]\d)",
    rf"{_MINOR_WORD}[ -]?(?:(?:to|or|and|-)[ -]?[\w]{{1,9}}[ -]?)?(?:years?|yrs?|months?|mos?|y)[ -]?/?olds?\b(?![ -]{_THINGS})",
    rf"{_MINOR_WORD}(?: ?y/?o\b| (?:years?|months?) of age)",
    word_of(r"toddler, infants?\b, newborn, pre-?teens?, pre-?pubescent, pubescent, pre-?schooler, kindergart"),
    word_of(_GRADES) + r"[ -]graders?\b",
)
_PERSON = word_of("victim, survivor, child, girl, boy, minor")
VICTIM_IDENTITY = any_of(
    finds(
        rf"{_PERSON}(?:,? (?:is|was|who is|who was))? (?:nicknamed|named (?!in\b|as\b)|known as|identified as \")",
        rf"{_PERSON}'s (?:real |full |first |last )?name (?:is|was)\b",
        r"h(?<![^\W_].)(?:er|is) (?:real |full |first |last )?name (?:is|was)\b",
        r"[\"'] series\b",
    ),
    finds(rf"{_PERSON}(?: is| was)? identified as [A-Z]", cased=True),
)
_MEASURE = word_of(
    "similarit(?:y|ies), cosine, p_?unsafe, clip[ -]scores?, nsfw[ -]scores?, unsafe[ -]scores?, "
    "safety[ -]scores?, classifier[ -]scores?, thresholds?, cut-?offs?"
)  # fmt: skip
THRESHOLD = finds(
    rf"{_MEASURE}[^.;]{{0,50}}?(?<![\d.])(?:0?\.\d|1\.0|0,\d|\d{{1,3}}(?:\.\d{{1,4}})? ?(?:%|percent|per cent|bits?\b))",
    rf"[.,](?<![1-9].)\d{{1,6}} (?:[\w-]{{1,20}} ){{0,3}}{_MEASURE}",
    word_of("hamming, hash, l2, euclidean") + r" distance[^.;]{0,30}\d",
)
_ASKED = word_of("search(?:ed|es|ing)?, quer(?:y|ied|ies|ying), googl(?:ed?|ing), look(?:ed|ing)? up, typ(?:ed?|ing) in")
_TERM = word_of(
    "search[ -]?(?:terms?|words?|phrases?), key[ -]?(?:terms?|words?|phrases?), code[ -]?words?, hashtags?, quer(?:y|ies)"
)
SEARCH_TERM = finds(
    rf"{_ASKED} (?:[\w-]{{1,20}} ){{0,3}}{OPEN}\w",
    rf"{_TERM}[\"']? ?(?:(?:was|were|is|are|used) )?{OPEN}\w",
    rf"{_TERM}[\"']?(?: ?[:=]| such as| like| including| included?) ?[\w#\"']",
    r"h(?<![^\W_].)ashtags? #\w",
)
_SITE_NAME = finds(
    word_of("sites?, web ?sites?, imageboards?, subreddits?, marketplaces?")
    + r" (?:(?:is|was|are|were) )?(?:called|named|known as|such as|like) (?!hugging ?face|github|common crawl)[\w\"']",
    word_of("forums?, boards?, channels?, servers?, chat ?rooms?")
    + r" (?:(?:is|was|are|were) )?(?:called|named|known as) [\w\"']",
    r"r(?<![\w/].)/[a-z0-9_]{3,21}",
)
_SITE_DOMAIN = re.compile(
    word_of(
    "sites?, web ?sites?, forums?, boards?, host(?:ed|s)?, posted, uploaded, found, linked, links?, images?, "
    "photos?, videos?, files?, material, from, downloaded, scraped, domains?"
)
    + r":? (?:[\w'-]{1,20} ){0,3}((?:[\w-]{1,63}\.){1,4}[a-z]{2,24})(?![\w.]{0,63}\w)"
)  # fmt: skip
# Houses that hazard texts name all the time; any other domain that hosts something is a site name.
_KNOWN_HOSTS = re.compile(
    r"(?:[\w.-]{1,100}\.)?(?:gov|edu|int|europa\.eu|gov\.uk|missingkids\.org|ncmec\.org|iwf\.org\.uk|cybertip\.ca|inhope\.org|thorn\.org"
    r"|protectchildren\.ca|stopncii\.org|laion\.ai|stability\.ai|character\.ai|huggingface\.co|github\.com|arxiv\.org|commoncrawl\.org)"
)


def names_site(text: str) -> bool:
    return _SITE_NAME(text) or any(_is_site(match[1]) for match in _SITE_DOMAIN.finditer(text.lower()))


def _is_site(domain: str) -> bool:
    return domain.rpartition(".")[2] not in NOT_DOMAINS and _KNOWN_HOSTS.fullmatch(domain) is None


_MESSENGER = word_of(
    "telegram, discord, signal, session, wickr, kik, snapchat, whatsapp, threema, matrix, jabber, xmpp, tox, "
    "skype, simplex"
)  # fmt: skip
CONTACT = finds(
    r"@(?<=[\w+]@)[\w-]{1,63}(?:\.[\w-]{1,63}){1,3}",
    rf"{_MESSENGER}(?: (?:id|handle|user|username|account|contact|channel|group|chat|invite|code)){{0,2}}"
    r"[ :=]{1,3}(?:@\w|\+?\d{6})",
    word_of(r"t\.me\b, discord\.gg\b"),
)
_STUFF = word_of("materials?, images?, photos?, videos?, files?, links?, urls?, csam, content, items?, samples?")
RETRIEVAL_HINT = finds(
    word_of("anti-?join, set[ -]difference, diff(?:ed|ing)?, subtract(?:ed|ing)?")
    + r"\b[^.]{0,80}\b(?:(?:re-?)?laion|(?:re-?)?releases?|metadata|versions?)\b",
    rf"{_STUFF} (?:[\w-]{{1,20}} ){{0,3}}(?:can|could|may) (?:still |easily ){{0,2}}be "
    r"(?:found|retrieved|recovered|downloaded|accessed|reached|obtained|viewed) (?:at|via|using|under)\b",
)
SINGLE_ITEM = finds(
    word_of("this, one, another, an?, the") + r" (?:[\w-]{1,20} ){0,2}(?:image|photo|photograph|picture|video|clip)"
    r" (?:shows?|showed|depicts?|depicted|portrays?|portrayed)\b"
)
