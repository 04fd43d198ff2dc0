"""Single items of a collection: file names, rows and shards, captions and prompts, and one forbidden term."""

import re

from kb.core.safety_rules.rule import END, finds, word_of
from kb.core.unmask import unmask

_FILE_TYPE = (
    r"(?:jpe?g|jfif|jp2|jxl|png|gif|webp|bmp|tiff?|heic|heif|avif|svg|ico|psd|raw(?!_)|cr2|nef|dng"
    r"|mp4|m4v|mov|avi|mkv|webm|wmv|flv|mpe?g|3gp|ogv|mp3|m4a|wav|flac|ogg|opus|aac"
    r"|zip|rar|7z|tar|gz|tgz|bz2|xz|zst|lz4|iso|cab|torrent|warc|wat"
    r"|parquet|arrow|feather|tfrecords?|lmdb|npy|npz|sqlite3?|duckdb"
    r"|h5|hdf5|pkl|pickle|ckpt|safetensors|gguf|ggml|onnx|pth|bin)"
)
FILE_NAME = finds(
    rf"\.(?<=[\w)\]}}'\"%~-]\.)(?<!\btar\.){_FILE_TYPE}{END}",
    rf" \. (?<=\w \. ){_FILE_TYPE}{END}",
    # ".pt" is a country too: only where what stands before it is no name of a house.
    rf"\.(?:(?<=[\d_-].)|(?<=\d\w.)|(?<=model.)|(?<=weights.)|(?<=best.)|(?<=last.)|(?<=epoch.)|(?<=checkpoint.))pt{END}",
    word_of("img, dsc[nf]?, pxl, mvi, vid, gopr, dji, screenshot") + r"(?:[_-]\d{4}|\d{5})",
    word_of("image, photo, pic, frame") + r"[_-](?!(?:19|20)\d\d(?!\d))\d{4}",
)
LIST_FILE = finds(
    r"\.(?<=[^\W_].)(?<!robots.)(?<!\bai.)(?<!\bllms.)(?<!license.)(?<!readme.)(?<!requirements.)"
    rf"(?:csv|tsv|jsonl|ndjson|xlsx?|txt|sql|db){END}"
)

# "Transparency Index 2023" is a name: four digits that are a year are no id.
_NO_YEAR = r"(?!(?:19|20)\d\d(?!\d|[,.]\d))"
_LARGE = rf"{_NO_YEAR}(?:\d{{1,3}}(?:[,.' ]\d{{3}})+|\d{{3}})"
_LINK = r"[ :=#(\[\"'_-]{0,4}"
_ID_WORD = r"[ _-]{0,2}(?:ids?|idx|index|indices|key)"
_NUMBER_WORD = r"[ _-]{0,2}(?:no\.?|nos\.?|nr\.?|numbers?|num)"
_RANGE = r"(?: ?(?:-|to|through|and|\.\.) ?|, )\d"
_ITEM = word_of("row, shard, sample, image, img, photo, picture, video, pair, url, link, caption, data ?point, vector, embedding")
_PLACE = word_of("index, indices, position, offset, chunk, partition, bucket")
ROW_ID = finds(
    rf"s(?<![^\W_].)hard{_LINK}\d",
    rf"s(?<![^\W_].)hards {_LINK}\d{{1,12}}{_RANGE}",
    rf"r(?<![^\W_].)ow{_LINK}{_LARGE}",
    rf"r(?<![^\W_].)ows{_LINK}{_LARGE}[\d,]{{0,12}}{_RANGE}",
    rf"{_ITEM}s?{_ID_WORD}{_LINK}{_NO_YEAR}\d",
    rf"{word_of('row, shard')}{_NUMBER_WORD}{_LINK}\d",
    rf"{_ITEM}{_NUMBER_WORD}{_LINK}{_LARGE}",
    rf"{_PLACE}(?: (?:no\.?|number|position|value))?{_LINK}{_NO_YEAR}\d{{4}}",
    word_of(
        rf"sample[ #:=_-]{{1,3}}{_NO_YEAR}\d{{4}}, idx{_LINK}\d, uid{_LINK}\d{{4}}, key{_LINK}\d{{6}}, part(?:[-_]\d| 0)\d{{3}}"
    ),
    r"\d(?<!\d.)\d{2,5}-of-\d{3,6}",
    rf"\[(?<=\w\[){_NO_YEAR}\d{{4,12}}\]",
    r"\d(?<![\d,].)\d{0,2}(?:,?\d{3}){1,3}(?:st|nd|rd|th) (?:row|shard|sample|entry|record|image|item|link|pair|url)\b",
)
ITEM_NUMBER = finds(
    rf"{word_of('rows?, lines?, sample, pair')}[ #:=_-]{{1,3}}\d",
    word_of(rf"index{_LINK}{_NO_YEAR}\d\d, id{_LINK}{_NO_YEAR}\d{{4}}"),
    word_of("image, photo, picture, video, url, link, record, entry, item, file")
    + rf"(?:{_NUMBER_WORD})?[ #]{{1,2}}{_NO_YEAR}\d{{3}}",
)

OPEN = r"[\"'`]"
_CAPTION = word_of("alt[ _-]?texts?, captions?, captioned, prompts?, prompted")
_SAYS = r"(?:(?:that )?(?:reads?|said|says)|was|is|were|are|saying|reading|like|such as|as|included?|including|with the words)"
QUOTED_CAPTION = finds(
    rf"{_CAPTION}[\"']?(?: ?(?:[:=]|--?>?) ?| {_SAYS}:? | ){OPEN}[^\s\"',.)]",
    rf"a(?<![^\W_].)lt ?= ?{OPEN}[^\s\"']|[\"']text[\"'] ?: ?{OPEN}[^\s\"']",
    rf"p(?<![^\W_].)rompt(?:ed|s)? with (?:the words? |the phrase )?{OPEN}",
    r"[\"'] (?:as|was|were|is) (?:an?|the|its|their|one) (?:[a-z]{1,20} )?(?:alt[ -]?text|caption|prompt)\b",
)
UNQUOTED_CAPTION = finds(rf"{_CAPTION}(?:(?: {_SAYS})? ?[:=] ?\w|[,;] {OPEN}\w)")

_QUOTED_SPAN = re.compile(r"\"[^\"]{0,2000}\"|'(?<![^\W_].)[^']{0,400}'")
_FORBIDDEN = re.compile(word_of("child(?:ren)?(?:'?s)?, kiddie, kiddy, kid, infant") + r"[ _-]{0,2}porn")


def holds_forbidden_term(text: str) -> bool:
    if _FORBIDDEN.search(text.lower()) is None:
        return False
    return _FORBIDDEN.search(_QUOTED_SPAN.sub(" ", unmask(text).lower())) is not None
