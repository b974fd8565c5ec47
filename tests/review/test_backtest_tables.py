"""Thresholds as a reader meets them: equal neighbours in one row, and holding always called by its name."""

import pytest

from hardgate.review.backtest_tables import _cheapest, _thresholds
from hardgate.review.calibrate import Threshold, cheapest
from hardgate.review.replay import Score


def threshold(limit: float | None, went: int, cost: float, *, in_force: bool = False) -> Threshold:
    score = Score("own.gate", went, 3 - went, 0, cost, 0.0, went, 0, -cost, 0.0, None)
    return Threshold("own.gate", "load", "share", "at least", limit, in_force, score)


def rows(found: list[Threshold]) -> list[tuple[object, ...]]:
    return [(row[2], row[3], row[6], row[7]) for row in _thresholds(found, cheapest(found))]


def test_neighbours_that_cost_the_same_share_a_row_unless_one_is_marked() -> None:
    found = [
        threshold(None, 2, 50.0, in_force=True),
        threshold(0.3, 3, 90.0),
        threshold(0.4, 3, 90.0),
        threshold(0.5, 2, 50.0),
        threshold(0.6, 1, 20.0),
        threshold(0.7, 1, 20.0),
        threshold(0.8, 1, 25.0),
    ]
    assert rows(found) == [
        ("at least computed", 2, 50, "in force"),
        ("at least 30 % to 40 %", 3, 90, ""),
        ("at least 50 %", 2, 50, ""),
        ("at least 60 %", 1, 20, ""),
        ("at least 70 %", 1, 20, "cheapest"),
        ("at least 80 %", 1, 25, ""),
    ]


NONE = "No threshold cost less than holding always, USD 20.00"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            [threshold(0.5, 2, 50.0), threshold(0.9, 1, 20.0)],
            "The cheapest single threshold on this past is own.gate, load at least 90 %: it would have lost USD 20.00.",
        ),
        (
            [threshold(0.5, 2, 50.0), threshold(0.9, 0, 20.0)],
            f"{NONE}; of those that go, own.gate, load at least 50 % cost least, USD 50.00.",
        ),
        ([threshold(0.9, 0, 20.0)], f"{NONE}."),
        ([], "No threshold changes what anything costs."),
    ],
)
def test_the_cheapest_threshold_is_named_and_holding_always_is_no_threshold(found: list[Threshold], said: str) -> None:
    assert _cheapest(found, "USD") == said
