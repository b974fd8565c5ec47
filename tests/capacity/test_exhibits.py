from datetime import date
from decimal import Decimal
from typing import Any

from hardgate.capacity import activity_fields, cancel_cost, coverage, position
from hardgate.core.terms import Table
from hardgate.metrics.demand_over_position import metric as demand_over_position
from hardgate.metrics.trigger import metric as trigger
from tests.evidence import HOUR, Tables, table
from tests.worlds import WORLDS

FULL, SCOPE = WORLDS[0].full, WORLDS[0].scope


def column(built: Table, name: str) -> list[Any]:
    heads = [heading.name for heading in built.headings]
    return [row[heads.index(name)] for row in built.rows]


def test_the_position_has_a_row_for_the_plan_and_one_for_each_lead_time() -> None:
    built = position.build(FULL)
    assert column(built, "tranche") == ["hall-4", *[""] * 6, "hall-5", *[""] * 6]
    assert column(built, "lead") == [12.0, 3.0, 6.0, 12.0, 18.0, 24.0, 36.0] * 2


def test_the_first_row_is_what_the_gate_is_judged_on() -> None:
    from hardgate.core.days import window_ending

    window = window_ending("4w", date(2026, 9, 7))
    built = position.build(FULL)
    assert column(built, "demand of position")[0] == FULL.reading(demand_over_position, SCOPE, window).value
    assert column(built, "trigger")[0] == FULL.reading(trigger, SCOPE, window).value


def test_longer_lead_times_order_earlier() -> None:
    built = position.build(FULL)
    for limit in ("economic", "service level"):
        table_by_lead = column(built, limit)[1:7]
        assert table_by_lead == sorted(table_by_lead, reverse=True)


def test_coverage_says_how_much_by_how_few_and_for_how_long() -> None:
    """Three customers, 23,000 GPU-hours of take-or-pay a month at 4, the largest 9,000: .391 of it."""
    built = coverage.build(FULL)
    assert column(built, "tranche") == ["hall-4", "hall-5"]
    raw, after, capped = (column(built, name)[0] for name in ("before haircuts", "after haircuts", "and capped"))
    assert raw > after > capped > 0
    assert column(built, "largest customer of what must be paid")[0] == round(9 / 23, 4)
    assert column(built, "HHI")[0] == round((9**2 + 8**2 + 6**2) / 23**2, 4)
    assert column(built, "five largest of what must be paid")[0] == 1.0
    assert column(built, "next decision") == ["2026-11-01", "2026-12-01"]
    assert built.notes[-1].startswith(
        "from this month on: remaining performance obligations not known, backlog as the contracts define it RMB"
    )


def test_the_cancel_curve_is_in_the_reporting_currency_with_its_share() -> None:
    built = cancel_cost.build(FULL)
    rows = [row for row in built.rows if row[0] == "hall-4"]
    assert [row[1] for row in rows] == ["2026-01-01", "2027-01-01"]
    assert [row[2] for row in rows] == [Decimal("72000.00"), Decimal("2160000.00")]
    assert [row[3] for row in rows] == [0.0125, 0.375]
    assert [row[4] for row in rows] == ["now", ""]
    assert built.sentence == "Once hall-4 is committed to on 2026-11-01, cancelling it costs RMB 72,000.00."


def test_before_the_first_stated_fee_nothing_is_known() -> None:
    plan = (
        "day tranche pool gpus amount currency commit_date live_date\n2026-11-01 one a 4 100 RMB 2026-11-01 2027-11-01"
    )
    late = Tables(
        date(2026, 9, 7),
        {"tranche": table(plan), "cancel_fee": table("day tranche fee currency\n2027-01-01 one 5 RMB")},
    )
    assert cancel_cost.build(late).sentence.endswith("cancelling it costs an unknown amount.")
    none = Tables(date(2026, 9, 7), {"tranche": table(plan)})
    assert cancel_cost.build(none).notes == ("one: no fee is stated; bring cancel_fees",)


def test_the_fields_of_the_same_hours_say_different_things() -> None:
    """As on a cluster of Acme's: "GPU utilization" (203) at 99 %, SM activity (1002) at 50 %."""
    built = activity_fields.build(FULL)
    assert [(row[0], row[3]) for row in built.rows] == [("203", 0.99), ("1002", 0.5)]
    assert [row[4] for row in built.rows] == [1.0, 0.0]
    assert built.sentence == "On the same GPUs field 203 has a median of 99 % and field 1002 of 50 %."


def test_hours_without_enough_samples_are_in_no_median() -> None:
    text = "day pool field held bin gpu_ms\n" + "\n".join(
        f"2026-09-01 a 1002 true {level} {size * HOUR}" for level, size in ((-1, 100), (20, 3), (60, 4))
    )
    built = activity_fields.build(Tables(date(2026, 9, 7), {"pool_hour": table(text)}))
    assert (built.rows[0][2], built.rows[0][3]) == (7.0, 0.6)
    assert built.sentence == "One field of telemetry is known."
