"""The case of a tranche beside the checked forecast: outside after growth that has ended, and named wherever it counts."""

from dataclasses import replace
from datetime import date
from math import exp, log

import numpy as np
import pytest

from hardgate.capacity import block_size, position
from hardgate.metrics.demand_fan import able, cases_in_fans, fans, forecast, series
from hardgate.models import forecast as model
from hardgate.outlook import forecast as exhibit
from tests.capacity import world
from tests.evidence import Tables, day_rows, pool_days, table

DAYS = (world.TODAY - date(2024, 10, 1)).days
PLAN = """
    day         tranche  pool region accelerator gpus  amount   currency commit_date live_date   ramp_months
    2026-11-01  hall-4   a    north  H20         40    800000   RMB      2026-11-01  2027-06-01  3
    2026-12-01  hall-5   b    north  H20         20    400000   RMB      2026-12-01  2027-07-01  -
"""


def evidence() -> Tables:
    """Pool a doubles in a year and stands still for the last five months; pool b grows evenly, both with small moves."""

    def halted(i: int) -> float:
        return 0.25 * exp(log(2) * min(i, DAYS - 150) / 365) * (1 + 0.002 * ((i * 13) % 7 - 3))

    def even(i: int) -> float:
        return 0.3 * exp(log(1.3) * i / 365) * (1 + 0.03 * ((i // 30 * 5) % 11 - 5))

    pools = (
        pool_days("a", date(2024, 10, 1), DAYS, allocated=halted, active=0.2, productive=0.2, queued=0.0),
        pool_days("b", date(2024, 10, 1), DAYS, allocated=even, active=0.2, productive=0.2, queued=0.0),
    )
    tables = {**world.TABLES, "pool_day": day_rows(*pools), "tranche": table(PLAN)}
    return replace(Tables(world.TODAY, tables, world.ASSUMPTIONS), confidence=0.9)


def test_growth_that_has_ended_lies_outside_the_fan_and_even_growth_inside() -> None:
    found = {one.tranche: one for one in cases_in_fans(evidence())}
    assert not found["hall-4"].inside
    assert found["hall-4"].case > found["hall-4"].high
    assert found["hall-5"].inside


def test_the_case_is_demand_at_the_growth_that_decides_and_the_fan_that_of_its_month() -> None:
    full = evidence()
    one = next(each for each in cases_in_fans(full) if each.tranche == "hall-4")
    sized = block_size.build(full)
    heads = [heading.name for heading in sized.headings]
    assert [row[heads.index("demand at going live")] for row in sized.rows if row[0] == "hall-4"] == [one.case]
    assert one.months == 7
    factor = model.pooled_factor(list(able(series(full)).values()), 3, 0.9)
    ahead = model.paths(series(full)["a"], 12, 1 << 10, 16, factor)[one.months - 1]
    assert [one.low, one.middle, one.high] == pytest.approx(np.quantile(ahead, [0.05, 0.5, 0.95]), abs=1e-3)


def test_page_ones_sentences_name_the_tranche_whose_case_lies_outside() -> None:
    full = evidence()
    built = exhibit.build(full)
    assert built.sentence.endswith("; the case of hall-4 lies outside its own.")
    heads = [heading.name for heading in built.headings]
    said = {row[heads.index("tranche")]: row[heads.index("inside the fan")] for row in built.rows}
    assert said == {"hall-4": "no", "hall-5": "yes"}
    trigger = position.build(full)
    assert trigger.sentence.endswith("; the checked forecast does not bear the growth of hall-4.")
    assert any(
        note.startswith("hall-4: its case has") and "above the checked forecast" in note for note in trigger.notes
    )


def test_the_fan_month_by_month_holds_the_fans_that_are_shown() -> None:
    full = evidence()
    made = forecast(able(series(full)), 0.9)["pools"]["b"]
    assert made["fans"] == [*made["each"][2], *made["each"][11]]
    assert fans(full, able(series(full)))["pools"]["b"] == made


def test_without_enough_months_no_case_is_judged() -> None:
    few = Tables(date(2025, 6, 1), evidence().tables, world.ASSUMPTIONS)
    assert cases_in_fans(few) == []
