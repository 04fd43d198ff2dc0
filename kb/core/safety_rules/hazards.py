"""What is refused only in the texts of a hazard issue: victims, thresholds, search terms, sites, contacts, hints."""

import re
from string import ascii_lowercase

from kb.core.safety_rules.addresses import NOT_DOMAINS
from kb.core.safety_rules.items import OPEN, QUOTE
from kb.core.safety_rules.rule import clue, each, judged, need, word_of
from kb.core.safety_rules.traits import DIGIT, DIGITS

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
# "Dark age.7" is a footnote, so that a dot parts an age from "aged" alone.
_AGE_SIGN = r"(?:[ds]?(?::? |[_-])|d\.)"
_AGED = each("age, ages, aged", " , : , _, -") + ", aged."
# "The dataset is 7 years old", and not "a girl in the dataset is". Aged may be a company, but no dataset: girls are in that.
_THING_BEFORE = re.compile(
    "".join(rf"(?<!\b{word} )" for word in ("in", "of", "from", "on", "by", "with", "for", "to", "at", "within", "inside"))
    + rf"\b(?:the|this|that|its|their|our|a|an) (?:[\w-]{{1,20}} )?{_THINGS[:-1]}|polic|website|platform|archive)[a-z]{{0,12}}"
    r" (?:is|was|are|were)(?: (?:now|only|about|already|just|barely|almost|nearly)){0,2} $"
)
_COMPANY_BEFORE = re.compile(r"\b(?:compan(?:y|ies)|firms?|start-?ups?) $")


def _is_persons(match: re.Match[str]) -> bool:
    return _THING_BEFORE.search(match.string, max(0, match.start() - 80), match.start()) is None


def _is_no_companys(match: re.Match[str]) -> bool:
    return _COMPANY_BEFORE.search(match.string, max(0, match.start() - 12), match.start()) is None


VICTIM_AGE = (
    judged(rf"a(?<![^\W_].)ge{_AGE_SIGN}{_ABOUT}{_UNDER_13}\b(?![,.]\d)", _is_no_companys, _AGED),
    judged(rf"a(?<![^\W_].){_LAWFUL_LIMIT}ge{_AGE_SIGN}{_ABOUT}{_TEEN}\b(?![,.]\d)", _is_no_companys, _AGED),
    judged(
        rf"{_MINOR_WORD}[ _-]?(?:(?:to|or|and|-)[ -]?[\w]{{1,9}}[ -]?)?(?:years?|yrs?|months?|mos?|y)[ _-]?/?olds?\b"
        rf"(?![ -]{_THINGS})",
        _is_persons,
        each("year, years, yr, yrs, month, months, mo, mos, y", ",  , _, -", ", /", "old"),
    ),
    clue(
        rf"{_MINOR_WORD}(?: ?y[/.]?o\b| (?:years?|months?) of age)",
        each(f"{DIGITS}, {_TO_TWELVE}, {_TEENS}", ",  ", "yo, y/o, y.o") + ", of age",
    ),
    clue(
        word_of(r"toddler, infants?\b, newborn, pre-?teens?, pre-?pubescent, pubescent, pre-?schooler, kindergart"),
        "toddler, infant, newborn, preteen, pre-teen, pubescent, preschooler, pre-schooler, kindergart",
    ),
    clue(word_of(_GRADES) + r"[ -]graders?\b", "grader"),
    clue(r"g(?<![^\W_].)rade \d{1,2} (?:pupil|student|child|girl|boy)", "grade ", DIGIT),
)
_PERSONS = "victim, survivor, child, girl, boy, minor"
_PERSON = word_of(_PERSONS)
VICTIM_IDENTITY = (
    clue(
        rf"{_PERSON}(?:,? (?:is|was|who is|who was))? (?:nicknamed|named (?!in\b|as\b)|known as|identified as \")",
        _PERSONS,
        "named, known as, identified as",
    ),
    clue(rf"{_PERSON}'s (?:real |full |first |last )?name (?:is|was)\b", each(_PERSONS, "'s "), "name is, name was"),
    clue(r"h(?<![^\W_].)(?:er|is) (?:real |full |first |last )?name (?:is|was)\b", "name is, name was"),
    clue(r"[\"'] series\b", "\" series, ' series"),
    clue(rf"{_PERSON}(?: is| was)? identified as [A-Z]", _PERSONS, "identified as", cased=True),
)
_MEASURE = word_of(
    "similarit(?:y|ies), cosine, p_?unsafe, clip[ -]scores?, nsfw[ -]scores?, unsafe[ -]scores?, "
    "safety[ -]scores?, classifier[ -]scores?, thresholds?, cut-?offs?"
)  # fmt: skip
_MEASURES = "similarit, cosine, unsafe, score, threshold, cutoff, cut-off"
THRESHOLD = (
    clue(
        rf"{_MEASURE}[^.;]{{0,50}}?(?<![\d.])(?:0?\.\d|1\.0|0,\d|\d{{1,3}}(?:\.\d{{1,4}})? ?(?:%|percent|per cent|bits?\b))",
        _MEASURES,
        DIGIT,
    ),
    clue(rf"[.,](?<![1-9].)\d{{1,6}} (?:[\w-]{{1,20}} ){{0,3}}{_MEASURE}", _MEASURES, DIGIT),
    clue(word_of("hamming, hash, l2, euclidean") + r" distance[^.;]{0,30}\d", " distance", DIGIT),
)
_ASKED = word_of("search(?:ed|es|ing)?, quer(?:y|ied|ies|ying), googl(?:ed?|ing), look(?:ed|ing)? up, typ(?:ed?|ing) in")
_TERM = word_of(
    "search[ _-]?(?:terms?|words?|phrases?), key[ _-]?(?:terms?|words?|phrases?), code[ _-]?words?, hashtags?, quer(?:y|ies)"
)
_TERMS = "term, word, phrase, hashtag, quer"
# Names of models and datasets lead to these, not to items.
_NO_TERM = (
    r"(?!(?:stable diffusion|sdxl|flux|midjourney|dall-?e|chatgpt|gpt|grok|llama|(?:re-)?laion|imagenet|common crawl|clip)"
    rf"(?:[ -][\w.]{{1,12}}){{0,2}}{OPEN})"
)
SEARCH_TERM = (
    clue(rf"{_ASKED} (?:[\w-]{{1,20}} ){{0,3}}{OPEN}{_NO_TERM}\w", "search, quer, googl, look, typ", QUOTE),
    clue(rf"{_TERM}[\"']? ?(?:(?:was|were|is|are|used) )?{OPEN}\w", _TERMS, QUOTE),
    clue(rf"{_TERM}[\"']?(?: ?[:=]| such as| like| including| included?) ?[\w#\"']", _TERMS, ":, =, such as, like, includ"),
    clue(r"h(?<![^\W_].)ashtags? #\w", "hashtag", "#"),
    clue(
        rf"{_TERM}[_-](?:is|was|are|were|used)[_-]\w",
        each(_TERMS, ", s, y, ies", "-, _", "is, was, are, were, used", "-, _"),
    ),
)
_SITE_DOMAIN = (
    word_of(
        "sites?, web ?sites?, forums?, boards?, host(?:ed|s)?, posted, uploaded, found, linked, links?, images?, "
        "photos?, videos?, files?, material, from, downloaded, scraped, domains?"
    )
    + r":? (?:[\w'-]{1,20} ){0,3}((?:[\w-]{1,63}\.){1,4}[a-z]{2,24})(?![\w.]{0,63}\w)"
)
# Houses that hazard texts name all the time; any other domain that hosts something is a site name.
_KNOWN_HOSTS = re.compile(
    r"(?:[\w.-]{1,100}\.)?(?:gov|edu|int|europa\.eu|gov\.uk|missingkids\.org|ncmec\.org|iwf\.org\.uk|cybertip\.ca|inhope\.org|thorn\.org"
    r"|protectchildren\.ca|stopncii\.org|laion\.ai|stability\.ai|character\.ai|huggingface\.co|github\.com|arxiv\.org|commoncrawl\.org"
    r"|civitai\.com|kaggle\.com|zenodo\.org|gitlab\.com|openai\.com|replicate\.com|archive\.org)"
)


def _is_site(match: re.Match[str]) -> bool:
    domain = match[1]
    return domain.rpartition(".")[2] not in NOT_DOMAINS and _KNOWN_HOSTS.fullmatch(domain) is None


_DOMAIN_BEFORE = re.compile(r"(?<![\w.-])[\w-][\w.-]{0,100}$")


def _is_hosting_site(match: re.Match[str]) -> bool:
    begun = _DOMAIN_BEFORE.search(match.string[max(0, match.start() - 120) : match.start()])
    suffix = match[0][1:].partition(" ")[0]
    return begun is not None and suffix not in NOT_DOMAINS and _KNOWN_HOSTS.fullmatch(f"{begun[0]}.{suffix}") is None


SITE_NAME = (
    clue(
        word_of("sites?, web ?sites?, imageboards?, subreddits?, marketplaces?")
        + r" (?:(?:is|was|are|were) )?(?:called|named|known as|such as|like) (?!hugging ?face|github|common crawl)[\w\"']",
        "site, imageboard, subreddit, marketplace",
        "called, named, known as, such as, like",
    ),
    clue(
        word_of("forums?, boards?, channels?, servers?, chat ?rooms?")
        + r" (?:(?:is|was|are|were) )?(?:called|named|known as) [\w\"']",
        "forum, board, channel, server, room",
        "called, named, known as",
    ),
    clue(
        word_of("sites?, web ?sites?, forums?, boards?, imageboards?, channels?, servers?, subreddits?")
        + r"[_-](?:(?:is|was)[_-])?(?:called|named)[_-]\w",
        each("_, -", "called, named", "_, -"),
    ),
    clue(r"r(?<![\w/].)/[a-z0-9_]{3,21}", "r/"),
    judged(
        r"\.(?<=[^\W_]\.)[a-z]{2,24} (?:hosts|hosted|distributes|distributed)\b", _is_hosting_site, " hosts,  hosted,  distribute"
    ),
    judged(_SITE_DOMAIN, _is_site, each(".", ", ".join(ascii_lowercase))),
)
_MESSENGERS = (
    "telegram, discord, signal, session, wickr, kik, snapchat, whatsapp, threema, matrix, jabber, xmpp, tox, skype, simplex"
)
CONTACT = (
    clue(r"@(?<=[\w+]@)[\w-]{1,63}(?:\.[\w-]{1,63}){1,3}", "@"),
    clue(
        rf"{word_of(_MESSENGERS)}(?: (?:id|handle|user|username|account|contact|channel|group|chat|invite|code)){{0,2}}"
        r"[ :=]{1,3}(?:@\w|\+?\d{6})",
        _MESSENGERS,
        need("@", DIGIT),
    ),
    clue(
        rf"{word_of(_MESSENGERS)}(?: (?:handle|user|username|account|contact|channel|group|chat|invite)){{1,2}}"
        r"[ :=]{1,3}[a-z0-9]{1,30}_\w",
        _MESSENGERS,
        "_",
    ),
    clue(word_of(r"t\.me\b, discord\.gg\b"), "t.me, discord.gg"),
)
_STUFF = word_of("materials?, images?, photos?, videos?, files?, links?, urls?, csam, content, items?, samples?")
RETRIEVAL_HINT = (
    clue(
        word_of("anti-?join, set[ -]difference, diff(?:ed|ing)?, subtract(?:ed|ing)?")
        + r"\b[^.]{0,80}\b(?:(?:re-?)?laion|(?:re-?)?releases?|metadata|versions?)\b",
        "antijoin, anti-join, diff, subtract",
        "laion, release, metadata, version",
    ),
    clue(
        rf"{_STUFF} (?:[\w-]{{1,20}} ){{0,3}}(?:can|could|may) (?:still |easily ){{0,2}}be "
        r"(?:found|retrieved|recovered|downloaded|accessed|reached|obtained|viewed) (?:at|via|using|under)\b",
        each("be ", "found, retrieved, recovered, downloaded, accessed, reached, obtained, viewed", " "),
    ),
)
# What a picture in a report shows.
_NO_SIGHT = (
    r"(?! (?:that|how|why|whether|where|(?:an?|the|its) (?:[a-z-]{1,20} )?"
    r"(?:chart|graph|diagram|table|plot|histogram|distribution|logo|interface|dashboard|map|warning|error|watermark)s?\b))"
)
SINGLE_ITEM = (
    clue(
        word_of("this, one, another, an?, the") + r" (?:[\w-]{1,20} ){0,2}(?:image|photo|photograph|picture|video|clip)"
        rf" (?:shows?|showed|depicts?|depicted|portrays?|portrayed)\b{_NO_SIGHT}",
        each("image, photo, photograph, picture, video, clip", " ", "show, depict, portray"),
    ),
)
