"""A small operator with something in every rollup that capacity reads."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from hardgate.core.days import add_months
from hardgate.core.terms import Rows, Scope
from tests.evidence import HOUR, day_rows, pool_days, table

TODAY = date(2026, 9, 7)
START = date(2025, 3, 1)
DAYS = (TODAY - START).days
SCOPE = Scope.of(region="north", accelerator="H20", pool="a", tranche="hall-4")
ASSUMPTIONS = {
    "discount_rate": 0.12, "hurdle_rate": 0.12, "fixed_cost_per_gpu_month": 100.0, "lead_months": 10.0,
    "haircut.A": 0.95, "haircut.none": 1.0, "coverage_months": 12.0,
}  # fmt: skip
PLAN = """
    day         tranche  pool region accelerator gpus  amount   currency commit_date live_date   ramp_months released_share attach_rate
    2026-11-01  hall-4   a    north  H20         40    800000   USD      2026-11-01  2027-11-01  3           -              0.25
    2026-12-01  hall-5   b    north  H20         20    400000   RMB      2026-12-01  2027-12-01  -           0.2            -
"""
FEES = "day tranche fee currency\n2026-01-01 hall-4 10000 USD\n2026-06-01 hall-5 0 RMB\n2027-01-01 hall-4 300000 USD"
RATES = "day from_currency to_currency rate\n2024-01-01 USD RMB 7.1\n2026-01-01 USD RMB 7.2"
INVENTORY = """
    day         pool region accelerator gpus live_date   retire_date kilowatts
    2025-03-01  a    north  H20         100  2025-03-01  -           90
    2025-03-01  b    north  H20         50   2025-03-01  -           45
    2025-03-01  c    south  L20         30   2025-03-01  -           20
    2027-01-01  a    north  H20         20   2027-01-01  -           18
"""


def wave(mean: float, by: float = 0.02) -> Any:
    return lambda i: mean + by * ((i * 13) % 7 - 3) / 3


def months(start: date, count: int) -> Iterator[date]:
    return (add_months(start, i) for i in range(count))


def operator() -> dict[str, Rows]:
    sales = ["day account product pool region accelerator currency gpu_ms net_revenue variable_cost"]
    for month in months(date(2025, 6, 1), 15):
        sales += [f"{month} k1 gpu a north H20 RMB {60 * 730 * HOUR} {60 * 3000} {60 * 400}"]
        sales += [f"{month} k2 gpu b north H20 USD {30 * 730 * HOUR} {30 * 420} {30 * 60}"]
    head = "day contract customer pool region accelerator tranche currency committed_amount committed_gpu_ms"
    contracts = [f"{head} take_or_pay termination portable credit_grade rpo backlog"]
    for month in months(date(2027, 6, 1), 30):
        for customer, used in (("k1", 9000), ("k2", 8000), ("k3", 6000)):
            money = f"{used * 4} {used * HOUR} true none false A {used * 4} {used * 4}"
            contracts.append(f"{month} c-{customer} {customer} a north H20 hall-4 RMB {money}")
        contracts.append(f"{month} c-k4 k4 - - - - RMB 1000 {250 * HOUR} false none true A - 1000")
    bill = ["day pool region accelerator currency effective_cost"]
    for day in (date(2026, 1, 1) + timedelta(days=i) for i in range(245)):
        bill += [f"{day} a north H20 RMB 1000.10", f"{day} b north H20 USD 70.05", f"{day} - - - RMB 33.33"]
    ledger = ["day pool region accelerator account cost_centre currency amount"]
    ledger += [f"{month} a north H20 power x RMB 30000" for month in months(date(2025, 9, 1), 12)]
    hours = ["day hour region accelerator pool field held bin gpu_ms"]
    for field, level in ((203, 99), (1002, 50)):
        hours += [f"2026-09-0{d} - north H20 a {field} true {level} {HOUR * 20}" for d in range(1, 7)]
    pools = (
        pool_days("a", START, DAYS, allocated=wave(0.85), active=wave(0.8), productive=wave(0.75), queued=wave(0.03)),
        pool_days(
            "b", START, DAYS, gpus=50, allocated=wave(0.6), active=wave(0.5), productive=wave(0.4), unlabelled=0.01
        ),
        pool_days(
            "c", START, DAYS, gpus=30, region="south", accelerator="L20", active=None, productive=None, unlabelled=None
        ),
    )
    texts = {
        "inventory": INVENTORY, "tranche": PLAN, "cancel_fee": FEES, "exchange_rate": RATES,
        "sales_month": "\n".join(sales), "contract_month": "\n".join(contracts), "cost_day": "\n".join(bill),
        "ledger_month": "\n".join(ledger), "pool_hour": "\n".join(hours),
    }  # fmt: skip
    return {"pool_day": day_rows(*pools), **{name: table(text) for name, text in texts.items()}}


TABLES = operator()
