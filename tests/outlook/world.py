"""A small programme on the small operator of tests.capacity.world: two live halls, two that are asked for, a year each."""

from datetime import date

from hardgate.core.days import add_months
from hardgate.core.terms import Rows
from tests.capacity import world as capacity
from tests.evidence import table

SCOPE = capacity.SCOPE
ASSUMPTIONS = {
    "price_erosion": 0.05, "tax_rate": 0.25, "pue": 1.2, "capex_budget": 5_000_000.0, "lease_per_gpu_month": 3000.0,
}  # fmt: skip
VINTAGES = """
    day         programme vintage  pool region accelerator gpus amount  currency lead_months life_months ramp_months price productive_share variable_cost kilowatts opex committed
    2024-09-01  ai        a-live   a    north  H20         100  1500000 RMB      6           36          -           -     -                -             -         -    true
    2024-09-01  ai        b-live   b    north  H20         50   120000  USD      6           36          -           -     -                -             -         -    true
    2026-11-01  ai        hall-4   a    north  H20         40   650000  RMB      6           24          3           -     -                -             -         -    false
    2026-12-01  ai        hall-5   b    north  H20         20   400000  RMB      6           24          -           6.5   0.7              0.5           -         80   false
"""
DRIVERS = """
    day         programme driver           value low  high source
    2026-06-01  ai        working_capital  0.3   -    -    books
    2026-06-01  ai        price_volatility 0.08  0.05 0.12 list-prices
    2026-06-01  ai        correlation      0.3   -    -    judgement
    2026-06-01  ai        capex            1.0   0.9  1.1  quotes
    2026-06-01  ai        delay            0.3   0.0  1.0  past-halls
    2026-06-01  ai        opex             1.0   0.95 1.05 contracts
    2026-06-01  ai        losses           0     -    -    books
    2026-06-01  ai        idle_power       0.3   -    -    meters
"""


def _assets() -> str:
    lines = ["day pool region accelerator currency depreciation carrying_amount"]
    for at in range(18):
        month = add_months(date(2025, 3, 1), at)
        lines.append(f"{month} a north H20 RMB 41666.67 {1_500_000 - 41_667 * (at + 1)}")
        lines.append(f"{month} b north H20 USD 3333.33 {120_000 - 3_333 * (at + 1)}")
    return "\n".join(lines)


def _others() -> str:
    head = "day segment revenue ebita depreciation capex working_capital currency"
    days = (add_months(date(2026, 9, 1), 3 * at) for at in range(8))
    return "\n".join([head, *(f"{day} trading 5000000 600000 200000 220000 - RMB" for day in days)])


TABLES: dict[str, Rows] = {
    **capacity.TABLES,
    "vintage": table(VINTAGES),
    "driver": table(DRIVERS),
    "other_segment": table(_others()),
    "asset_month": table(_assets()),
}
