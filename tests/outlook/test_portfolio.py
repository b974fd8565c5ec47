"""The best set of open tranches, against trying every set of them, and what is said of those left out."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from hardgate.core.terms import Rows
from hardgate.outlook.portfolio import exhibit
from tests.capacity import world
from tests.capacity.world import TODAY
from tests.evidence import Tables, table

PLAN = """
    day         tranche  pool region accelerator gpus  amount   currency commit_date live_date   ramp_months released_share
    2026-11-01  hall-4   a    north  H20         40    800000   USD      2026-11-01  2027-11-01  3           -
    2026-11-15  hall-6   a    north  H20         10    1400000  RMB      2026-11-15  2027-05-15  -           -
    2026-12-01  hall-5   b    north  H20         20    400000   RMB      2026-12-01  2027-12-01  -           -
"""


def evidence(**assumed: float) -> Tables:
    assumptions = {**world.ASSUMPTIONS, **assumed}
    return Tables(TODAY, {**world.TABLES, "tranche": table(PLAN)}, assumptions)


def rows(**assumed: float) -> dict[Any, tuple[Any, ...]]:
    return {row[0]: row for row in exhibit.build(evidence(**assumed)).rows}


def test_no_set_within_the_budget_is_worth_more() -> None:
    for budget in (500_000.0, 1_800_000.0, 6_000_000.0, 9_000_000.0):
        found = rows(capex_budget=budget)
        money, worth = ({name: row[at] for name, row in found.items()} for at in (1, 3))
        best = 0.0
        for taken in product((False, True), repeat=3):
            mine = [name for name, take in zip(found, taken, strict=True) if take]
            if sum(money[name] for name in mine) <= budget:
                best = max(best, sum(worth[name] for name in mine))
        assert sum(worth[name] for name, row in found.items() if row[6] == "take") == pytest.approx(best, abs=3)


def test_what_is_taken_and_left_is_what_was_asked() -> None:
    built = exhibit.build(evidence(capex_budget=1_000_000.0))
    assert built.closes is True
    assert built.closing.endswith("= asked 7,560,000 RMB")  # 800,000 at 7.2, 1,400,000 and 400,000
    assert {row[6] for row in built.rows} == {"take", "leave"} or all(row[6] == "leave" for row in built.rows)


def test_power_bounds_the_set_and_is_named() -> None:
    """A GPU of the inventory draws .9 kW: 40 of them at a PUE of 1.25 are 45 kW."""
    free = rows(capex_budget=9e6, pue=1.25)
    assert free["hall-4"][2] == 45.0
    taken = [name for name, row in free.items() if row[6] == "take"]
    bound = rows(capex_budget=9e6, pue=1.25, power_budget=1.0)
    assert all(row[6] == "leave" for row in bound.values())
    for name in taken:
        assert bound[name][7].endswith("kW more than there is")


def test_risk_bounds_the_set() -> None:
    free, bound = rows(capex_budget=9e6), rows(capex_budget=9e6, risk_budget=0.0)
    worst = sum(row[4] for row in free.values() if row[6] == "take")
    assert sum(row[4] for row in bound.values() if row[6] == "take") >= min(worst, 0)


def test_without_a_budget_or_a_plan_it_says_what_to_bring() -> None:
    assert exhibit.build(evidence()).missing == "no budget: bring capex_budget under assumptions"
    empty = replace(evidence(capex_budget=1.0), tables={**world.TABLES, "tranche": Rows()})
    assert exhibit.build(empty).missing == "no open tranche: bring capacity_plan"
