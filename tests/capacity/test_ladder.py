from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hardgate.capacity import fix_first, ladder
from hardgate.capacity.leaks import LEAKS, PARTS, UNSEEN, parts
from hardgate.core.terms import Rows, Table
from tests.evidence import Tables, day_rows, pool_days, table

TODAY = date(2026, 9, 7)
START = date(2026, 1, 1)
DAYS = (TODAY - START).days
QUARTER = (date(2026, 6, 1), date(2026, 9, 1))
RATES = "day from_currency to_currency rate\n2026-01-01 USD RMB 7.2"


def bill(*charges: tuple[str, str, str]) -> Rows:
    lines = [
        f"{START + timedelta(days=i)} {pool} {currency} {amount}"
        for i in range(DAYS - 3)
        for pool, currency, amount in charges
    ]
    return table("\n".join(["day pool currency effective_cost", *lines]))


def tables(*pools: list[dict[str, Any]], **more: Rows) -> Tables:
    return Tables(TODAY, {"pool_day": day_rows(*pools), "exchange_rate": table(RATES), **more})


def rows_by_name(built: Table) -> dict[str, dict[str, Any]]:
    heads = [heading.name for heading in built.headings]
    return {str(row[0]): dict(zip(heads, row, strict=True)) for row in built.rows}


def test_the_rungs_and_the_leaks_of_a_pool_in_hours_and_money() -> None:
    """100 GPUs, 92 days, 1,000 a day: .95 available, .9 allocated, .8 active, .7 productive."""
    pools = pool_days("a", START, DAYS, available=0.95, allocated=0.9, active=0.8, productive=0.7)
    built = ladder.build(tables(pools, cost_day=bill(("a", "RMB", "1000"))))
    row = rows_by_name(built)["north / H20"]
    assert row["installed"] == 220_800.0
    shares = [row[f"{rung} of installed"] for rung in ("available", "allocated", "active", "productive", "not seen")]
    assert shares == [0.95, 0.9, 0.8, 0.7, 0.0]
    money = [row[name] for name in ("cost", "cost of productive", "cost of leaks", "cost of not seen")]
    assert money == [Decimal("92000.00"), Decimal("64400.00"), Decimal("27600.00"), Decimal("0.00")]
    assert built.sentence == "From 2026-06-01 to 2026-08-31, 70.0 % of the installed GPU-hours were productive."
    assert built.closes is True


def test_the_ladder_closes_to_the_bill_with_what_nobody_was_given() -> None:
    pools = (pool_days("a", START, DAYS), pool_days("b", START, DAYS, region="south", gpus=7, unlabelled=0.1))
    charges = (("a", "USD", "101.3333"), ("b", "RMB", "77.77"), ("-", "RMB", "3.1"), ("gone", "RMB", "1.01"))
    built = ladder.build(tables(*pools, cost_day=bill(*charges)))
    rows = rows_by_name(built)
    exact = 92 * (Decimal("101.3333") * Decimal("7.2") + Decimal("77.77") + Decimal("3.1") + Decimal("1.01"))
    assert rows["total"]["cost"] == exact.quantize(Decimal("0.01"))
    assert rows["unallocated"]["cost"] == Decimal("285.20")
    assert rows["pools without live GPU-hours"]["cost"] == Decimal("92.92")
    assert built.closes is True
    assert built.closing.endswith(
        "effective cost of the invoices 74,659.87 RMB; difference 0.00".replace("74,659.87", f"{exact:,.2f}")
    )
    assert built.notes == (
        "paid as RMB 7,532.96, USD 9,322.66; converted by dated rates: RMB 74,656.14".replace(
            "74,656.14", f"{exact:,.2f}"
        ),
    )


def test_another_cost_source_is_a_row_and_so_is_the_difference() -> None:
    booked = table("day pool currency amount\n" + "\n".join(f"2026-0{month}-01 a RMB 30000" for month in range(1, 9)))
    built = ladder.build(tables(pool_days("a", START, DAYS), cost_day=bill(("a", "RMB", "1000")), ledger_month=booked))
    rows = rows_by_name(built)
    assert rows["general_ledger instead"]["cost"] == Decimal("90000.00")
    assert rows["difference to cost_and_usage"]["cost"] == Decimal("-2000.00")


def test_the_ladder_closes_to_the_source_that_the_workspace_declares() -> None:
    booked = table("day pool currency amount\n" + "\n".join(f"2026-0{month}-01 a RMB 30000" for month in range(1, 9)))
    evidence = tables(pool_days("a", START, DAYS), cost_day=bill(("a", "RMB", "1000")), ledger_month=booked)
    built = ladder.build(replace(evidence, cost_source="general_ledger"))
    assert built.closing.endswith("amounts booked in the general ledger 90,000.00 RMB; difference 0.00")
    assert rows_by_name(built)["difference to general_ledger"]["cost"] == Decimal("2000.00")


def test_a_month_in_the_ledger_is_complete_when_its_row_is_known() -> None:
    """Booked 36 days after its first day: on 7 September August is known, on 5 September it is not."""
    booked = table("day pool currency amount\n" + "\n".join(f"2026-0{month}-01 a RMB 30000" for month in range(1, 9)))
    for as_of, said in ((TODAY, "From 2026-06-01 to 2026-08-31"), (date(2026, 9, 5), "From 2026-05-01 to 2026-07-31")):
        evidence = tables(pool_days("a", START, DAYS), ledger_month=booked)
        built = ladder.build(replace(evidence, as_of=as_of, cost_source="general_ledger", lags={"ledger_month": 36}))
        assert built.sentence.startswith(said)


def test_a_null_charge_does_not_close_and_makes_no_total() -> None:
    charges = bill(("a", "RMB", "1000"))
    amounts: list[Any] = list(charges.columns["effective_cost"])
    amounts[-20] = None
    built = ladder.build(
        tables(
            pool_days("a", START, DAYS), cost_day=Rows({**charges.columns, "effective_cost": amounts}, charges.count)
        )
    )
    assert built.closes is False
    assert built.closing.startswith(
        "does not close to the effective cost of the invoices: effective_cost is null on 2026-08-"
    )
    assert rows_by_name(built)["north / H20"]["cost"] is None


def test_a_currency_without_a_rate_does_not_close() -> None:
    built = ladder.build(tables(pool_days("a", START, DAYS), cost_day=bill(("a", "EUR", "1000"))))
    assert (built.closes, "no rate from EUR to RMB" in built.closing) == (False, True)


def test_a_bill_without_pools_still_closes_to_its_unallocated_row() -> None:
    built = ladder.build(tables(cost_day=bill(("-", "RMB", "10"))))
    assert (built.closes, rows_by_name(built)["unallocated"]["cost"]) == (True, Decimal("920.00"))
    assert built.sentence == "From 2026-06-01 to 2026-08-31, RMB 920.00 was paid and no pool was live to carry it."


def test_without_a_bill_the_ladder_is_in_gpu_hours_alone() -> None:
    built = ladder.build(tables(pool_days("a", START, DAYS)))
    assert (built.closes, built.closing.startswith("no cost source: GPU-hours alone")) == (None, True)
    assert rows_by_name(built)["north / H20"]["productive of installed"] == 0.75


def test_without_rows_of_the_declared_source_the_ladder_names_it_and_the_one_that_has_some() -> None:
    evidence = tables(pool_days("a", START, DAYS), cost_day=bill(("a", "RMB", "1000")))
    built = ladder.build(replace(evidence, cost_source="asset_register"))
    assert (built.closes, rows_by_name(built)["north / H20"]["cost"]) == (None, None)
    assert built.closing == (
        "asset_register is the declared cost source and has no rows: GPU-hours alone; "
        "bring asset_register, or declare cost_and_usage"
    )


def test_what_was_not_seen_is_a_rung_and_never_idle() -> None:
    built = ladder.build(tables(pool_days("a", START, DAYS, unlabelled=0.05), cost_day=bill(("a", "RMB", "1000"))))
    row = rows_by_name(built)["north / H20"]
    assert (row["not seen of installed"], row["cost of not seen"]) == (0.05, Decimal("4600.00"))
    assert built.sentence.endswith("75.0 % and at most 80.0 % of the installed GPU-hours were productive.")


def test_the_largest_leak_comes_first_in_money() -> None:
    dear = pool_days("a", START, DAYS, gpus=10, allocated=0.9, active=0.9, productive=0.9)
    cheap = pool_days("b", START, DAYS, gpus=100, allocated=0.5, active=0.5, productive=0.5)
    built = fix_first.build(tables(dear, cheap, cost_day=bill(("a", "RMB", "10000"), ("b", "RMB", "100"))))
    assert [row[:2] for row in built.rows] == [
        ("north / H20 / a", "not allocated"), ("north / H20 / b", "not allocated"), ("all leaks and what was not seen", ""),
    ]  # fmt: skip
    assert [row[3] for row in built.rows] == [Decimal("92000.00"), Decimal("4600.00"), Decimal("96600.00")]
    assert built.closes is True
    assert built.sentence == "The largest leak is not allocated in north / H20 / a: RMB 92,000.00."


def test_more_than_ten_leaks_keep_their_sum() -> None:
    pools = [pool_days(f"p{i}", START, DAYS, gpus=10 + i) for i in range(6)]
    charges = tuple((f"p{i}", "RMB", "100") for i in range(6))
    built = fix_first.build(tables(*pools, cost_day=bill(*charges)))
    assert [row[0] for row in built.rows[10:]] == ["8 more", "all leaks and what was not seen"]
    amounts = [row[3] for row in built.rows[:-1]]
    assert abs(sum(one for one in amounts if isinstance(one, Decimal)) - Decimal("13800.00")) <= Decimal("0.05")


def test_where_nothing_leaks_the_list_says_so() -> None:
    full = pool_days("a", START, DAYS, allocated=1.0, active=1.0, productive=1.0)
    assert fix_first.build(tables(full)).sentence == "Nothing leaks: every installed GPU-hour was productive."


COLUMN = st.one_of(st.none(), st.integers(0, 120))


@given(st.lists(st.tuples(*[COLUMN] * 7), min_size=1, max_size=12))
@settings(max_examples=300, deadline=None)
def test_whatever_is_missing_the_parts_are_what_is_installed(days: list[tuple[int | None, ...]]) -> None:
    names = (
        "available_gpu_ms",
        "allocated_gpu_ms",
        "active_gpu_ms",
        "productive_gpu_ms",
        "unlabelled_gpu_ms",
        "lost_gpu_ms",
        "lost_unknown_gpu_ms",
    )
    columns: dict[str, list[Any]] = {name: [day[i] for day in days] for i, name in enumerate(names)}
    columns["installed_gpu_ms"] = [100] * len(days)
    split = parts(Rows(columns, len(days)))
    assert set(split) == set(PARTS)
    assert all((part >= 0).all() for part in split.values())
    assert np.array_equal(sum(split.values()), np.full(len(days), 100))


def test_unknown_allocation_is_not_reported_and_unknown_activity_not_seen() -> None:
    silent = parts(Rows({"installed_gpu_ms": [10], "available_gpu_ms": [9], "allocated_gpu_ms": [8]}, 1))
    assert {name: int(part[0]) for name, part in silent.items() if part[0]} == {
        "maintenance": 1,
        "not allocated": 1,
        "not seen": 8,
    }
    assert (UNSEEN, LEAKS[0]) == (("not reported", "not seen"), "maintenance")


def test_the_quarter_is_the_last_three_complete_months() -> None:
    window, _ = ladder.period(tables(pool_days("a", START, DAYS), cost_day=bill(("a", "RMB", "1"))))
    assert (window.start, window.end) == QUARTER
