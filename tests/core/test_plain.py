"""Values written as plain JSON come back equal, and nothing but values of ours comes back."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardgate.core.days import Window
from hardgate.core.plain import plain, restored
from hardgate.core.terms import Action, Ask, Mode, Outcome, Reading, Scope, Status, Table, Verdict

WINDOW = Window(date(2026, 7, 13), date(2026, 9, 7))
HERE = Scope.of(region="cn-north", accelerator="H20")
READING = Reading(
    "productive_utilization", HERE, WINDOW, "share", 0.1 + 0.2, 0.29, 0.31,
    facts=(("productive_gpu_hours", 470.25),), whole_days_missing=(date(2026, 8, 3),), status=Status.REPORTED,
    batches=("a" * 64, "b" * 64), bounds=(0.2, float("inf")),
)  # fmt: skip
VERDICT = Verdict("capacity.utilization", "hall-4", HERE, Outcome.HOLD, Mode.BLOCK, "capacity", "it straddles")
ASK = Ask("hall-4", Action.BUILD, HERE, "me", Decimal("11520000.00"), "RMB", date(2026, 10, 19), (("gpus", 96),))
TABLE = Table("One.", rows=((1, 2.5, Decimal("1.10"), date(2026, 9, 1), None, True, "x"),), closes=True)


@pytest.mark.parametrize("value", [READING, VERDICT, ASK, TABLE, (READING, READING), {"a": (ASK,), ("b", HERE): None}])
def test_a_value_comes_back_equal_through_json(value: Any) -> None:
    again = restored(json.loads(json.dumps(plain(value))))
    assert again == value
    assert repr(again) == repr(value)  # 1 is not True, and 2 is not 2.0


CELLS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.dates()
    | st.decimals(allow_nan=False)
)


@given(
    st.recursive(CELLS, lambda inside: st.lists(inside).map(tuple) | st.dictionaries(st.text(), inside), max_leaves=20)
)
def test_whatever_cells_hold_comes_back(value: Any) -> None:
    assert repr(restored(json.loads(json.dumps(plain(value))))) == repr(value)


def test_what_stands_in_several_places_is_written_once() -> None:
    many = tuple(READING for _ in range(50))
    assert len(json.dumps(plain(many))) < len(json.dumps(plain(READING))) + 50 * 12


def test_only_values_of_ours_come_back() -> None:
    with pytest.raises(ValueError, match="'subprocess:Popen' is not a value of hardgate"):
        restored([["subprocess:Popen", "true"]])
    with pytest.raises(ValueError, match="is no value"):
        restored([["hardgate.rollups.kept:kept", "x"]])


def test_a_time_has_no_plain_form() -> None:
    with pytest.raises(TypeError, match="datetime has no plain form"):
        plain(datetime(2026, 9, 7, 12))
