from datetime import date, timedelta
from typing import Any

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Reading, Scope, Status
from hardgate.metrics import contribution_margin, cost_per_productive_gpu_hour
from hardgate.metrics.cost_source import cost, months_paid
from tests.evidence import HOUR, Tables, day_rows, pool_days, table

END = date(2026, 9, 7)
WINDOW = Window(END - timedelta(weeks=4), END)
RATES = "day from_currency to_currency rate\n2025-01-01 USD RMB 7.0\n2026-07-01 USD RMB 7.2"


def sales(months: int = 12, *, margin: Any = 1000, cost: Any = 500, hours: Any = 730, currency: str = "RMB") -> str:
    lines = ["day account product pool currency gpu_ms net_revenue variable_cost"]
    for i in range(months):
        month = date(2025 + (8 + i) // 12, (8 + i) % 12 + 1, 1)
        used = "-" if hours is None else str(round(100 * hours * HOUR))
        extra = 0 if cost == "-" else cost
        lines.append(
            f"{month} acme gpu a {currency} {used} {100 * (margin + extra) + i % 3} {'-' if cost == '-' else 100 * cost}"
        )
    return "\n".join(lines)


def read(text: str, scope: Scope = EVERYTHING, **assumptions: float) -> Reading:
    tables = {
        "sales_month": table(text),
        "exchange_rate": table(RATES),
        "pool_day": day_rows(pool_days("a", date(2025, 1, 1), 614)),
    }
    return Tables(END, tables, assumptions=assumptions).reading(contribution_margin.metric, scope, WINDOW)


def test_the_margin_is_revenue_less_variable_cost_of_a_used_gpu_month() -> None:
    found = read(sales())
    assert (found.value, found.low, found.high, found.status) == (1000.01, 1000.01, 1000.01, Status.REPORTED)
    assert found.facts == (("contribution", 1200012.0), ("used_gpu_months", 1200.0))
    assert found.unit == "currency per used GPU-month"


def test_sales_in_another_currency_are_converted_by_the_rate_of_their_month() -> None:
    """Ten months at 7.0, July and August 2026 at 7.2: 7,033.4 on average."""
    assert read(sales(currency="USD")).value == 7033.4


def test_a_currency_without_a_rate_is_missing_and_not_smaller() -> None:
    found = read(sales(currency="EUR"))
    assert (found.value, found.known) == (None, False)
    assert "no rate from EUR to RMB on or before 2025-09-01; bring exchange_rates" in found.because


def test_an_unknown_variable_cost_needs_an_assumption() -> None:
    silent = read(sales(cost="-"))
    assert (silent.value, "set variable_cost_per_gpu_hour under assumptions" in silent.because) == (None, True)
    assumed = read(sales(cost="-"), variable_cost_per_gpu_hour=0.1)
    assert (assumed.value, assumed.status) == (927.01, Status.ASSUMED)


def test_sales_without_gpu_hours_are_over_what_the_pool_had_allocated() -> None:
    """Pool a has 100 GPUs, 90 allocated: 65,700 GPU-hours a month of 730, or 90 GPU-months."""
    found = read(sales(hours=None))
    assert found.facts[1] == ("used_gpu_months", round(365 * 24 * 90 / 730, 3))
    assert found.status is Status.DERIVED


def test_without_sales_the_margin_is_what_policy_assumes_or_unknown() -> None:
    empty = "day account product pool currency gpu_ms net_revenue variable_cost"
    assert read(empty).because.startswith("no sales of everything from 2025-09-01 to 2026-08-31: bring sales")
    found = read(empty, margin_per_gpu_month=900)
    assert (found.low, found.value, found.high, found.status) == (900.0, 900.0, 900.0, Status.ASSUMED)


def test_seven_months_of_sales_are_a_value_without_an_interval() -> None:
    found = read(sales(7))
    assert (found.value, found.known, found.because) == (1000.01, False, "7 months of sales, at least 8 are needed")


def test_a_month_without_sales_is_a_gap() -> None:
    lines = sales().splitlines()
    assert "no sales in 2025-12; bring sales of every month" in read("\n".join(lines[:4] + lines[5:])).because


BILL = "day pool currency effective_cost\n" + "\n".join(
    f"{date(2025, 9, 1) + timedelta(days=i)} {pool} RMB {amount}"
    for i in range(370)
    for pool, amount in (("a", 1000), ("-", 50))
)


def test_the_cost_of_a_productive_gpu_hour_and_its_bounds() -> None:
    """1,000 a day over 100 GPUs x 24 h x .75: .5556; with a tenth not seen between .4902 and .5556."""
    pools = pool_days("a", date(2025, 1, 1), 614)
    scope = Scope.of(pool="a")
    evidence = Tables(END, {"cost_day": table(BILL), "pool_day": day_rows(pools)})
    found = evidence.reading(cost_per_productive_gpu_hour.metric, scope, WINDOW)
    assert (found.low, found.value, found.high) == (0.5556, 0.5556, 0.5556)
    assert found.window == Window(date(2025, 9, 1), date(2026, 9, 1))
    seen = day_rows(pool_days("a", date(2025, 1, 1), 614, unlabelled=0.1))
    part = Tables(END, {"cost_day": table(BILL), "pool_day": seen}).reading(
        cost_per_productive_gpu_hour.metric, scope, WINDOW
    )
    assert (part.low, part.value, part.high, part.missing) == (0.4902, None, 0.5556, 0.1)


def test_a_null_charge_makes_the_cost_missing() -> None:
    bill = BILL.replace("2026-08-15 a RMB 1000", "2026-08-15 a RMB -")
    evidence = Tables(END, {"cost_day": table(bill), "pool_day": day_rows(pool_days("a", date(2025, 1, 1), 614))})
    found = evidence.reading(cost_per_productive_gpu_hour.metric, Scope.of(pool="a"), WINDOW)
    assert (found.value, found.known) == (None, False)
    assert found.because.startswith("effective_cost is null on 2026-08-15")


def test_charges_without_a_pool_stay_unallocated() -> None:
    evidence = Tables(END, {"cost_day": table(BILL)})
    paid = cost(evidence, "cost_and_usage", Window(date(2026, 8, 1), date(2026, 9, 1)))
    assert (str(paid.total), str(paid.unallocated), str(paid.of("a"))) == ("32550", "1550", "31000")


def test_the_months_to_read_are_the_last_complete_ones_that_were_paid() -> None:
    evidence = Tables(END, {"cost_day": table(BILL)})
    assert months_paid(evidence, "cost_and_usage", 3) == Window(date(2026, 6, 1), date(2026, 9, 1))
    first_days = Tables(date(2025, 9, 10), {"cost_day": table(BILL)})
    assert months_paid(first_days, "cost_and_usage", 3) == Window(date(2025, 9, 1), date(2025, 10, 1))
    assert months_paid(evidence, "general_ledger", 3) is None
