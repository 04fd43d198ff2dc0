"""Issues on record that a filing might repeat, offered while it is written. Public records only: a hidden one never shows."""

from collections import Counter
from collections.abc import Iterable

from kb.core.ids import fold
from kb.records.models import Record, Statement
from kb.records.queries import records_by_id

MOST_SHOWN = 8
_SHORTEST_WORD = 4
_MOST_WORDS = 12
_MOST_PER_WORD = 200
# What a word of the title weighs, an artifact that both name, and the same kind of issue on it.
_WORD, _ARTIFACT, _CODE = 2, 3, 2


def similar_issues(title: str, artifacts: Iterable[int] = (), code: str = "") -> list[Record]:
    """Return issues on record that share words of the title, artifacts or both with a filing, the likeliest first."""
    score: Counter[int] = Counter()
    words = sorted({word for word in fold(title).split() if len(word) >= _SHORTEST_WORD}, key=len, reverse=True)
    issues = Record.objects.filter(kind="issue", merged_into=None, withdrawn=None)
    for word in words[:_MOST_WORDS]:
        score.update(dict.fromkeys(issues.filter(folded__contains=word).values_list("id", flat=True)[:_MOST_PER_WORD], _WORD))
    affecting = Statement.objects.filter(
        predicate="impact", object__in=list(artifacts), retracted=False, subject__merged_into=None, subject__withdrawn=None
    )
    for issue, its_code in affecting.values_list("subject", "subject__issue__code").distinct():
        score[issue] += _ARTIFACT + (_CODE if code and its_code == code else 0)
    best = [issue for issue, weight in score.most_common(MOST_SHOWN) if weight > _WORD or len(words) == 1]
    found = records_by_id(best)
    return [found[issue] for issue in best]
