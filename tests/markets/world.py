"""A delivery business with something in every rollup that markets reads: two cities, thirty weeks, one feature."""

from datetime import date, timedelta
from typing import Any

from hardgate.core.days import add_months
from hardgate.core.terms import Rows, Scope
from tests.capacity.world import TODAY
from tests.evidence import rows_of, table

WEEKS = 30
START = TODAY - timedelta(weeks=WEEKS)
SCOPE = Scope.of(city="a", feature="f")
ASSUMPTIONS = {"discount_rate": 0.12}
PARTS = 10_000
STACK = """
    day         account     level    order_column
    2026-01-01  commission  CM1      commission
    2026-01-01  fees        CM1      delivery_fee
    2026-01-01  refunds     CM1      refund
    2026-01-01  couriers    CM2      courier_cost
    2026-01-01  payment     CM2      payment_cost
    2026-01-01  support     CM2      support_cost
    2026-01-01  vouchers    CM3      discount_platform
    2026-01-01  winning     CM3      acquisition_spend
    2026-01-01  platform    central  -
"""
ZONES = """
    day         city  zone  region  km2
    2026-01-01  a     one   north   10
    2026-01-01  a     two   north   12
    2026-01-01  b     one   south   8
"""
SUBSIDIES = """
    day         city  to_date     amount_per_month  currency  requested_by
    2026-01-01  a     -           900               RMB       wen
    2026-01-01  b     2027-01-01  500               USD       wen
"""
EACH = {
    "value": 60, "commission": 11, "delivery_fee": 4, "discount_platform": 2, "discount_merchant": 1, "courier_cost": 6,
    "payment_cost": 1, "support_cost": 1, "refund": 0,
}  # fmt: skip
"""What an order is made of; it leaves 5."""
SPENT = {"a": 300, "b": 200}
"""What winning customers costs a day."""
BOOKED = (
    ("commission", "commission", 1), ("fees", "delivery_fee", 1), ("refunds", "refund", -1), ("couriers", "courier_cost", -1),
    ("payment", "payment_cost", -1), ("support", "support_cost", -1), ("vouchers", "discount_platform", -1),
)  # fmt: skip


def orders_on(city: str, i: int) -> int:
    return (40 if city == "a" else 25) + (i * 7) % 5


def city_days() -> Rows:
    records = []
    for i in range(WEEKS * 7):
        for city in ("a", "b"):
            count = orders_on(city, i)
            record: dict[str, Any] = {
                "day": START + timedelta(days=i), "city": city, "currency": "RMB", "orders": count, "delivered": count,
                "customers": count - 2, "paid_orders": count - 10, "overpaid_refunds": 0,
            }  # fmt: skip
            records.append(record | {name: each * count for name, each in EACH.items()})
    return rows_of(records, list(records[0]))


def cohort_weeks() -> Rows:
    """Each week 40 come; a tenth of those there leaves each week; one who is there orders for 5."""
    records = []
    for born in range(WEEKS):
        for week in range(born, WEEKS):
            age = week - born
            there, left = round(40 * 0.9**age), round(40 * 0.9 ** max(age - 8, 0)) - round(40 * 0.9 ** max(age - 7, 0))
            for city, scale in (("a", 1), ("b", 0.7)):
                records.append({
                    "day": START + timedelta(weeks=week), "city": city, "cohort": START + timedelta(weeks=born),
                    "segment": "home", "product": "food", "currency": "RMB", "orders": round(there * scale) + 1, "paid_orders": round(there * scale * 0.8),
                    "customers": round(there * scale), "lapsed": round(left * scale) if age >= 8 else 0,
                    "contribution": round(there * scale * 5 * PARTS), "subsidy": round(there * scale * PARTS),
                })  # fmt: skip
    return rows_of(records, list(records[0]))


def features() -> tuple[Rows, Rows, Rows]:
    registered = START + timedelta(weeks=20)
    first = registered + timedelta(days=2)
    common = {
        "day": registered, "feature": "f", "unit": "customer", "starts_on": first, "ends_on": first + timedelta(days=28),
        "looks": 4, "alpha": None, "control_share": 0.5, "planned_units": None, "open_ended": False, "registered_by": "luo",
        "stated_on": registered, "first_stated_on": registered,
    }  # fmt: skip
    rows = [
        common | {"metric": "basket_value", "role": "primary", "minimum_effect": 0.03},
        common | {"metric": "orders_per_customer", "role": "guardrail", "minimum_effect": 0.1},
    ]
    sums = []
    for i in range(28):
        for arm, lift in (("control", 1.0), ("treated", 1.1)):
            units, orders = 500 + 60 * i, 1 + i / 14
            shared = {"day": first + timedelta(days=i), "feature": "f", "arm": arm, "units": units, "both_arms": 0}
            basket = {"numerator_mean": 60 * orders * lift, "denominator_mean": orders, "numerator_variance": 5000 * orders,
                      "denominator_variance": orders, "covariance": 60 * orders}  # fmt: skip
            count = {"numerator_mean": orders, "denominator_mean": 1, "numerator_variance": orders,
                     "denominator_variance": 0, "covariance": 0}  # fmt: skip
            sums += [shared | {"metric": "basket_value"} | basket, shared | {"metric": "orders_per_customer"} | count]
    shown = [
        {"day": first + timedelta(days=i), "feature": "f", "arm": arm, "exposures": 500 if i == 0 else 60}
        for i in range(28)
        for arm in ("control", "treated")
    ]
    return rows_of(rows, list(rows[0])), rows_of(sums, list(sums[0])), rows_of(shown, list(shown[0]))


def ledger() -> Rows:
    """Everything that orders brought, booked to the unit, with spend in the cities and a centre."""
    lines = ["day city account currency amount"]
    for month in (add_months(date(2026, 3, 1), i) for i in range(6)):
        days = [i for i in range(WEEKS * 7) if month <= START + timedelta(days=i) < add_months(month, 1)]
        for city in ("a", "b"):
            count = sum(orders_on(city, i) for i in days)
            lines += [f"{month} {city} {account} RMB {sign * count * EACH[name]}" for account, name, sign in BOOKED]
            lines.append(f"{month} {city} winning RMB -{len(days) * SPENT[city]}")
        lines.append(f"{month} centre platform RMB -900")
    return table("\n".join(lines))


def others() -> dict[str, Rows]:
    zones, spend, months, tests = [], [], [], []
    for i in range(WEEKS * 7):
        day = START + timedelta(days=i)
        zones += [f"{day} a one {20 + i % 3} 9000", f"{day} a two {18 + i % 4} 9500", f"{day} b one 25 {12_000 + i}"]
        spend += [f"{day} {city} RMB {amount}" for city, amount in SPENT.items()]
    for at, month in enumerate(add_months(date(2026, 3, 1), i) for i in range(6)):
        months += [f"{month} a {600 + at * 20} {500 + at * 10} 1200", f"{month} b {400 + at * 10} {300 + at} 800"]
    for i in range(40):
        for cluster in range(8):
            given = 100 if cluster % 2 and i >= 20 else 0
            wave = (i * 7 + cluster * 3) % 11
            flags = f"{str(bool(cluster % 2)).lower()} {str(i >= 20).lower()}"
            tests.append(
                f"{START + timedelta(days=i)} t - z{cluster} {flags} {500 + wave + given * 0.6:.0f} {given} RMB"
            )
    return {
        "zone_day": table("\n".join(["day city zone orders courier_milli_hours", *zones])),
        "acquisition_day": table("\n".join(["day city currency amount", *spend])),
        "city_month": table("\n".join(["day city customers paying_customers orders", *months])),
        "geo_test_day": table("\n".join(["day test city cluster treated running outcome subsidy currency", *tests])),
    }


EXPERIMENT, FEATURE_DAY, EXPOSURE_DAY = features()
LEDGER = ledger()
LEDGER = Rows(
    {**LEDGER.columns, "city": ["" if one == "centre" else one for one in LEDGER.columns["city"]]}, LEDGER.count
)
TABLES = {
    "city_day": city_days(), "cohort_week": cohort_weeks(), "experiment": EXPERIMENT, "feature_day": FEATURE_DAY,
    "exposure_day": EXPOSURE_DAY,
    "city_ledger_month": LEDGER, "stack_account": table(STACK), "city_zone": table(ZONES), "subsidy": table(SUBSIDIES),
    **others(),
}  # fmt: skip
