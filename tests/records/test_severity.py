"""The rule of severity."""

from itertools import product

import pytest

from kb.records.models import IssueDetail
from kb.records.severity import NOT_ASSESSED, derived_severity, severity_of
from kb.records.vocabularies import SEVERITIES


def test_without_all_four_factors_severity_is_not_assessed() -> None:
    for given in product((None, 3), repeat=4):
        assert (derived_severity(*given) == NOT_ASSESSED) == (None in given)


@pytest.mark.parametrize(
    ("factors", "code"),
    [((1, 0, 0, 0), "S1"), ((1, 1, 0, 0), "S1"), ((1, 1, 1, 0), "S2"), ((2, 1, 1, 1), "S2"), ((2, 2, 1, 1), "S3"),
     ((2, 2, 2, 2), "S3"), ((3, 2, 2, 2), "S4"), ((3, 3, 2, 2), "S4"), ((3, 3, 3, 2), "S5"), ((3, 3, 3, 3), "S5"),
     ((0, 3, 3, 3), "S1")],
)  # fmt: skip
def test_the_word_follows_from_the_sum(factors: tuple[int, int, int, int], code: str) -> None:
    assert derived_severity(*factors) == code


def test_no_factor_that_grows_makes_a_finding_less_severe() -> None:
    order = list(SEVERITIES)
    for factors in product(range(4), repeat=4):
        for place in range(4):
            grown = tuple(min(value + (at == place), 3) for at, value in enumerate(factors))
            assert order.index(derived_severity(*grown)) >= order.index(derived_severity(*factors))


def test_an_editors_word_stands_in_the_place_of_the_derived_one() -> None:
    issue = IssueDetail(gravity=3, scale=3, irreversibility=3, downstream_reach=3, severity_override="S3")
    assert severity_of(issue) == "S3"
