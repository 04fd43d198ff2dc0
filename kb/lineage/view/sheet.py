"""The style sheet of a picture that travels alone, made from the site's own: one place for each colour.

Not every program that shows SVG knows custom properties, so they are resolved, once for light and once for dark.
"""

import re

_BLOCK = re.compile(r":root\s*\{([^}]*)\}")
_TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")
_USE = re.compile(r"var\(--([\w-]+)\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*([{};:,])\s*|\s+")
_END = "/* the page's alone */"


def resolved_sheet(tokens: str, rules: str) -> str:
    """Resolve the tokens in the rules of a picture; of `rules`, what stands after its page's mark is left out.

    Raises KeyError where a rule uses a token that there is not.
    """
    own = rules.partition(_END)[0]
    light, dark = (dict(_TOKEN.findall(block)) for block in _BLOCK.findall(tokens)[:2])
    return f"{_resolve(own, light)}@media (prefers-color-scheme:dark){{{_resolve(own, light | dark)}}}"


def _resolve(rules: str, tokens: dict[str, str]) -> str:
    while _USE.search(rules):
        rules = _USE.sub(lambda use: tokens[use[1]], rules)
    return _SPACE.sub(lambda space: space[1] or " ", _COMMENT.sub("", rules)).strip()
