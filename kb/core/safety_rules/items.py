"""Single items of a collection: file names, rows and shards, captions and prompts, and one forbidden term."""

import re

from kb.core.safety_rules.rule import END, Clue, clue, each, need, word_of
from kb.core.safety_rules.traits import DIGIT, DIGITS, FOREIGN_DIGIT
from kb.core.unmask import unmask

_FILE_TYPE = (
    r"(?:jpe?g|jfif|jp2|jxl|png|gif|webp|bmp|tiff?|heic|heif|avif|svg|ico|psd|raw(?!_)|cr2|nef|dng"
    r"|tga|mp4|m4v|mov|avi|mkv|webm|wmv|flv|mpe?g|3gp|3g2|vob|asf|m3u8|ogv|mp3|m4a|wav|flac|ogg|opus|aac"
    r"|zip|rar|7z|tar|gz|tgz|bz2|xz|zst|lz4|z[0-9]{2}|iso|img|cab|torrent|warc|wat"
    r"|parquet|arrow|feather|tfrecords?|lmdb|npy|npz|sqlite3?|duckdb"
    r"|h5|hdf5|pkl|pickle|ckpt|safetensors|gguf|ggml|onnx|pth|bin)"
)
# The beginnings of all of them.
_FILE_TYPES = (
    "jp, jfif, jxl, png, gif, webp, bmp, tif, hei, avi, svg, ico, psd, raw, cr2, nef, dng, tga, mp, m4, mov, mkv, webm, wmv, "
    "flv, 3g, vob, asf, m3u, z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, img, ogv, "
    "wav, flac, ogg, opus, aac, zip, rar, 7z, tar, gz, tgz, bz2, xz, zst, lz4, iso, cab, torrent, warc, wat, "
    "parquet, arrow, feather, tfrecord, lmdb, npy, npz, sqlite, duckdb, h5, hdf5, pkl, pickle, ckpt, safetensors, gguf, "
    "ggml, onnx, pth, bin"
)
_CAMERAS = "img, dsc, dscn, dscf, pxl, mvi, vid, gopr, dji, screenshot"
_PICTURES = "image, photo, pic, frame"
FILE_NAME = (
    clue(rf"\.(?<=[\w)\]}}'\"%~-]\.)(?<!\btar\.){_FILE_TYPE}{END}", each(".", _FILE_TYPES)),
    clue(rf" \. (?<=\w \. ){_FILE_TYPE}{END}", each(" . ", _FILE_TYPES)),
    clue(
        rf"\.(?<=\w\.)(?:j p e?g|j p e g|p n g|g i f|w e b p|m p 4|m o v|z i p|r a r){END}",
        ".j p , .p n g, .g i f, .w e b p, .m p 4, .m o v, .z i p, .r a r",
    ),
    # ".pt" is a country too: only where what stands before it is no name of a house.
    clue(
        rf"\.(?:(?<=[\d_-].)|(?<=\d\w.)|(?<=model.)|(?<=weights.)|(?<=best.)|(?<=last.)|(?<=epoch.)|(?<=checkpoint.))pt{END}",
        ".pt",
    ),
    clue(
        word_of("img, dsc[nf]?, pxl, mvi, vid, gopr, dji, screenshot") + r"(?:[_-]\d{4}|\d{5})",
        need(each(_CAMERAS, f"_, -, {DIGITS}"), FOREIGN_DIGIT),
    ),
    clue(word_of(_PICTURES) + r"[_-](?!(?:19|20)\d\d(?!\d))\d{4}", each(_PICTURES, "_, -"), DIGIT),
)
LIST_FILE = (
    clue(
        r"\.(?<=[^\W_].)(?<!robots.)(?<!\bai.)(?<!\bllms.)(?<!license.)(?<!readme.)(?<!requirements.)"
        rf"(?:csv|tsv|jsonl|ndjson|xlsx?|txt|sql|db|orc|avro|faiss){END}",
        ".csv, .tsv, .jsonl, .ndjson, .xls, .txt, .sql, .db, .orc, .avro, .faiss",
    ),
)

# "Transparency Index 2023" is a name: four digits that are a year are no id.
_NO_YEAR = r"(?!(?:19|20)\d\d(?!\d|[,.]\d))"
_LARGE = rf"{_NO_YEAR}(?:\d{{1,3}}(?:[,.' ]\d{{3}})+|\d{{3}})"
_LINK = r"[ :=#(\[\"'_-]{0,4}"
_LINKS = " , :, =, #, (, [, \", ', _, -"
_SMALL_GAPS = ", ".join(("", " ", "_", "-", *(left + right for left in " _-" for right in " _-")))
_ID_WORD = r"[ _-]{0,2}(?:ids?|idx|index|indices|key)"
_NUMBER_WORD = r"[ _-]{0,2}(?:no\.?|nos\.?|nr\.?|numbers?|num)"
_RANGE = r"(?: ?(?:-|to|through|and|\.\.) ?|, )\d"
_ITEMS = "row, shard, sample, image, img, photo, picture, video, pair, url, link, caption, data ?point, vector, embedding"
_ITEM = word_of(_ITEMS)
_ITEM_ENDS = "row, shard, sample, image, img, photo, picture, video, pair, url, link, caption, point, vector, embedding"
_PLACES = "index, indices, position, offset, chunk, partition, bucket"
_PLACE = word_of(_PLACES)
ROW_ID = (
    clue(rf"s(?<![^\W_].)hard{_LINK}\d", "shard", DIGIT),
    clue(rf"s(?<![^\W_].)hards {_LINK}\d{{1,12}}{_RANGE}", "shards", DIGIT),
    clue(rf"r(?<![^\W_].)ow{_LINK}{_LARGE}", "row", DIGIT),
    clue(rf"r(?<![^\W_].)ows{_LINK}{_LARGE}[\d,]{{0,12}}{_RANGE}", "rows", DIGIT),
    clue(
        rf"{_ITEM}s?{_ID_WORD}{_LINK}{_NO_YEAR}\d",
        each(_ITEM_ENDS, ", s", _SMALL_GAPS, "id, ind, key"),
        DIGIT,
    ),
    clue(rf"{word_of('row, shard')}{_NUMBER_WORD}{_LINK}\d", each("row, shard", _SMALL_GAPS, "no, nr, num"), DIGIT),
    clue(rf"{_ITEM}{_NUMBER_WORD}{_LINK}{_LARGE}", each(_ITEM_ENDS, _SMALL_GAPS, "no, nr, num"), DIGIT),
    clue(
        rf"{_PLACE}(?: (?:no\.?|number|position|value))?{_LINK}{_NO_YEAR}\d{{4}}",
        need(each(_PLACES, f"{_LINKS}, {DIGITS}"), FOREIGN_DIGIT),
        DIGIT,
    ),
    clue(rf"s(?<![^\W_].)ample[ #:=_-]{{1,3}}{_NO_YEAR}\d{{4}}", each("sample", " , #, :, =, _, -"), DIGIT),
    clue(rf"i(?<![^\W_].)dx{_LINK}\d", "idx", DIGIT),
    clue(rf"u(?<![^\W_].)id{_LINK}\d{{4}}", "uid", DIGIT),
    clue(rf"k(?<![^\W_].)ey{_LINK}\d{{6}}", need(each("key", f"{_LINKS}, {DIGITS}"), FOREIGN_DIGIT), DIGIT),
    clue(r"p(?<![^\W_].)art(?:[-_]\d| 0)\d{3}", "part-, part_, part 0", DIGIT),
    clue(r"\d(?<!\d.)\d{2,5}-of-\d{3,6}", "-of-", DIGIT),
    # "laion2b-en-00012" names a shard by its set.
    clue(r"l(?<![^\W_].)aion\w{0,6}(?:-[a-z]{2,12}){0,3}-\d{5}(?!\d)", "laion", DIGIT),
    clue(rf"\[(?<=\w\[){_NO_YEAR}\d{{4,12}}\]", "[", DIGIT),
    clue(
        r"\d(?<![\d,].)\d{0,2}(?:,?\d{3}){1,3}(?:st|nd|rd|th) (?:row|shard|sample|entry|record|image|item|link|pair|url)\b",
        each("st, nd, rd, th", " ", "row, shard, sample, entry, record, image, item, link, pair, url"),
        DIGIT,
    ),
)
_NAMES_OF_NUMBERS = (
    "one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen, seventeen, "
    "eighteen, nineteen, twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety, hundred, thousand"
)
_NAMED = f"(?:{_NAMES_OF_NUMBERS.replace(', ', '|')})"
_NUMBERED = "image, photo, picture, video, url, link, record, entry, item, file"
_ORDINALS = (
    "fourth, fifth, sixth, seventh, eighth, ninth, tenth, eleventh, twelfth, thirteenth, fourteenth, fifteenth, sixteenth, "
    "seventeenth, eighteenth, nineteenth, twentieth, thirtieth, fortieth, fiftieth, sixtieth, seventieth, eightieth, ninetieth, "
    "hundredth, thousandth"
)
# A line of a bill, a row of a table in a paper, and a sample so many times larger are no items of a collection.
_NO_ITEM = (
    r"(?!\d{1,3}(?:(?: ?- ?| to | and | through )\d{1,3})? (?:of|in) (?:the |its |this |that )?"
    r"(?:bill|act|code|statute|law|judge?ment|opinion|order|transcript|regulation|directive|report|paper|study|article|appendix"
    r"|annex|section|table \d)|\d{1,3}(?:\.\d{1,2})?(?: times\b| ?%| percent\b))"
)
_LABELLED = r"(?:(?:is|was) )?(?:labell?ed|numbered|called|named)"
ITEM_NUMBER = (
    clue(rf"{word_of('rows?, lines?, sample, pair')}[ #:=_-]{{1,3}}{_NO_ITEM}\d", "row, line, sample, pair", DIGIT),
    clue(word_of(rf"index{_LINK}{_NO_YEAR}\d\d, id{_LINK}{_NO_YEAR}\d{{4}}"), "index, id", DIGIT),
    clue(word_of(_NUMBERED) + rf"(?:{_NUMBER_WORD})?[ #]{{1,2}}{_NO_YEAR}\d{{3}}", _NUMBERED, DIGIT),
    clue(rf"r(?<![^\W_].)ows? (?:from|between) {_NO_ITEM}[\d,]{{1,12}}{_RANGE}", "row", " from ,  between ", DIGIT),
    clue(rf"s(?<![^\W_].)hards?(?:{_NUMBER_WORD}| {_LABELLED})?(?: #?|-){_NAMED}{END}", "shard", _NAMES_OF_NUMBERS),
    clue(rf"s(?<![^\W_].)hards?(?:{_NUMBER_WORD})?[ #]{{1,2}}[ivx]{{2,7}}{END}", "shard"),
    clue(rf"s(?<![^\W_].)hards? {_LABELLED} [\"']?\d", "shard", DIGIT),
    clue(r"\d(?:st|nd|rd|th)[ -]shard\b", each("st, nd, rd, th", " , -", "shard"), DIGIT),
    clue(rf"{word_of(_ORDINALS)}[ -]shard\b", each("th", " , -", "shard")),
    clue(rf"r(?<![^\W_].)ow{_NUMBER_WORD} (?:an? )?{_NAMED}{END}", each("row", _SMALL_GAPS, "no, nr, num"), _NAMES_OF_NUMBERS),
    clue(word_of(_NUMBERED) + rf" number (?:an? )?{_NAMED}{END}", " number ", _NAMES_OF_NUMBERS),
)

OPEN = r"[\"'`]"
QUOTE = need("\", ', `")
_CAPTION = word_of("alt[ _-]?texts?, captions?, captioned, prompts?, prompted")
_SAYS = r"(?:(?:that )?(?:reads?|said|says)|was|is|were|are|saying|reading|like|such as|as|included?|including|with the words)"
_CAPTIONS = "alt text, alt_text, alt-text, alttext, caption, prompt"
QUOTED_CAPTION = (
    clue(rf"{_CAPTION}[\"']?(?: ?(?:[:=]|--?>?) ?| {_SAYS}:? | ){OPEN}[^\s\"',.)]", _CAPTIONS, QUOTE),
    clue(rf"a(?<![^\W_].)lt ?= ?{OPEN}[^\s\"']|[\"']text[\"'] ?: ?{OPEN}[^\s\"']", "alt=, alt =, text\", text'", QUOTE),
    clue(rf"p(?<![^\W_].)rompt(?:ed|s)? with (?:the words? |the phrase )?{OPEN}", "prompt", QUOTE),
    clue(
        r"[\"'] (?:as|was|were|is) (?:an?|the|its|their|one) (?:[a-z]{1,20} )?(?:alt[ -]?text|caption|prompt)\b",
        _CAPTIONS,
        QUOTE,
    ),
)
UNQUOTED_CAPTION = (
    clue(rf"{_CAPTION}(?:(?: {_SAYS})? ?[:=] ?\w|[,;] {OPEN}\w)", _CAPTIONS, ":, =, ,, ;"),
    clue(rf"{_CAPTION} reads (?!(?:like|as|in|only|well|differently)\b)\w", _CAPTIONS, " reads "),
    clue(r"c(?<![^\W_].)aptioned as (?:an?|the|two|three|young|little) (?!whole\b)\w", "captioned as "),
)

_QUOTED_SPAN = re.compile(r"\"[^\"]{0,2000}\"|'(?<![^\W_].)[^']{0,400}'")
_FORBIDDEN = re.compile(word_of("child(?:ren)?(?:'?s)?, kiddie, kiddy, kid, infant") + r"[ _-]{0,2}p[o0]rn")


def _holds_forbidden_term(text: str) -> bool:
    if _FORBIDDEN.search(text.lower()) is None:
        return False
    return _FORBIDDEN.search(_QUOTED_SPAN.sub(" ", unmask(text).lower())) is not None


FORBIDDEN_WORDS = (
    Clue(_holds_forbidden_term, (need("child, kid, infant"), need("porn, p0rn")), cased=True, pattern=_FORBIDDEN.pattern),
)
