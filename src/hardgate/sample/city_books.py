"""The rest of the sample's delivery business: couriers, spend, subsidies, books, cost stack, zones and experiments."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from hardgate.core.days import add_months, month_of
from hardgate.sample.cities import CITIES, WEEKS, ZONES, Feature
from hardgate.sample.city_orders import Exposed, Orders, start_of
from hardgate.sample.draft import Draft
from hardgate.sample.files import write_csv

STACK = (
    ("4010 commission", "CM1", "commission"),
    ("4020 delivery fees", "CM1", "delivery_fee"),
    ("4090 refunds", "CM1", "refund"),
    ("5010 couriers", "CM2", "courier_cost"),
    ("5020 payment", "CM2", "payment_cost"),
    ("5030 support", "CM2", "support_cost"),
    ("6010 vouchers", "CM3", "discount_platform"),
    ("6020 acquisition", "CM3", "acquisition_spend"),
    ("7010 city office", "central", ""),
    ("8010 platform", "central", ""),
)
"""Account, level, and the amount of an order that it books."""
BOOKED = {
    "commission": (1, "commission"), "delivery_fee": (1, "fee"), "refund": (-1, "refund"),
    "courier_cost": (-1, "courier"), "payment_cost": (-1, "payment"), "support_cost": (-1, "support"),
    "discount_platform": (-1, "voucher"),
}  # fmt: skip
_OFFICE, _PLATFORM = 900, 3_500
_SUBSIDY = 300.0


def write_couriers(draft: Draft, orders: Orders) -> Path:
    """Write courier hours: about two orders an hour."""
    random, rows = draft.draws("couriers"), []
    days = WEEKS * 7
    keys = (orders.city * len(ZONES) + orders.zone) * days + orders.day
    counts = np.bincount(keys, minlength=len(CITIES) * len(ZONES) * days).reshape(len(CITIES), len(ZONES), days)
    hours = np.round(counts / 2.1 * random.uniform(0.9, 1.1, counts.shape) + 1.5, 2)
    first = start_of(draft).date()
    for at, city in enumerate(CITIES):
        for zone, name in enumerate(ZONES):
            rows += [(city, name, first + timedelta(days=i), one) for i, one in enumerate(hours[at, zone].tolist())]
    return write_csv(draft.data / "courier_hours.csv", ("town", "area", "day", "hours"), rows)


def write_spend(draft: Draft, orders: Orders) -> tuple[Path, dict[tuple[str, date], float]]:
    """Write what was spent to win customers, and return it by city and month."""
    first, rows = start_of(draft).date(), []
    won = np.zeros((len(CITIES), WEEKS * 7))
    _, at = np.unique(orders.customer, return_index=True)
    np.add.at(won, (orders.city[at], orders.day[at]), 1)
    months: dict[tuple[str, date], float] = {}
    for place, city in enumerate(CITIES.values()):
        weekly = won[place].reshape(WEEKS, 7).sum(axis=1) * city.spend_per_customer
        for week, amount in enumerate(weekly.tolist()):
            for channel, share in (("search", 0.6), ("street", 0.4)):
                day, spent = first + timedelta(weeks=week), round(amount * share, 2)
                rows.append((city.name, channel, day, f"{spent:.2f}"))
                key = (city.name, month_of(day))
                months[key] = months.get(key, 0.0) + spent
    return write_csv(draft.data / "acquisition.csv", ("town", "channel", "day", "spent"), rows), months


def write_schedule(draft: Draft) -> Path:
    """Write what each city may give away a month."""
    since = add_months(month_of(draft.span.as_of), -9)
    rows = [(city.name, since, "", city.subsidy_a_month, "wen.bo") for city in CITIES.values()]
    return write_csv(draft.data / "subsidies.csv", ("town", "since", "until", "a_month", "sponsor"), rows)


def write_zones(draft: Draft) -> Path:
    """Write the zones of the cities."""
    first = start_of(draft).date()
    rows = [
        (city.name, zone, city.region, round(city.km2 * share, 1), first)
        for city in CITIES.values()
        for zone, share in zip(ZONES, (0.25, 0.4, 0.35), strict=True)
    ]
    return write_csv(draft.data / "zones.csv", ("town", "area", "region", "km2", "since"), rows)


def write_stack(draft: Draft) -> Path:
    """Write the declared cost stack."""
    rows = [(*one, start_of(draft).date()) for one in STACK]
    return write_csv(draft.data / "cost_stack.csv", ("account", "tier", "books", "since"), rows)


def write_books(draft: Draft, orders: Orders, spent: dict[tuple[str, date], float]) -> Path:
    """Write the books of every finished month: what orders brought and cost, what was spent, and the centre."""
    first, rows = start_of(draft).date(), []
    days = [first + timedelta(days=i) for i in range(WEEKS * 7)]
    months = sorted({month_of(day) for day in days})
    done = [month for month in months if add_months(month, 1) <= draft.span.as_of]
    month_at = np.array([months.index(month_of(day)) for day in days])[orders.day]
    key = orders.city * len(months) + month_at
    accounts = {column: account for account, _, column in STACK if column}
    for column, (sign, name) in BOOKED.items():
        sums = np.bincount(key, weights=orders.amounts[name], minlength=len(CITIES) * len(months))
        for at, city in enumerate(CITIES):
            for month in done:
                amount = sign * sums[at * len(months) + months.index(month)] / 100
                rows.append((accounts[column], city, month, f"{amount:.2f}"))
    for month in done:
        rows += [("6020 acquisition", city, month, f"{-spent.get((city, month), 0.0):.2f}") for city in CITIES]
        rows += [("7010 city office", city, month, f"{-_OFFICE}.00") for city in CITIES]
        rows.append(("8010 platform", "", month, f"{-_PLATFORM}.00"))
    return write_csv(draft.data / "city_books.csv", ("account", "town", "month", "booked"), sorted(rows, key=str))


def write_geo_test(draft: Draft, strength: float) -> Path:
    """Write a holdout of vouchers over twelve zones: four weeks before, four weeks with it in half of them."""
    random, rows = draft.draws("geo test"), []
    end = draft.span.as_of - timedelta(weeks=3)
    for zone in range(12):
        level, treated = float(random.normal(2_000, 150)), zone % 2 == 0
        for i in range(56):
            running = i >= 28
            given = _SUBSIDY if treated and running else 0.0
            outcome = level + strength * given + float(random.normal(0, 60))
            day = end - timedelta(days=56 - i)
            rows.append(
                ("voucher-holdout", f"zone-{zone:02d}", day, treated, running, f"{outcome:.2f}", f"{given:.2f}")
            )
    head = ("test", "zone", "day", "treated", "running", "contribution", "given")
    return write_csv(draft.data / "geo_test.csv", head, rows)


def write_registrations(draft: Draft, features: tuple[Feature, ...]) -> Path:
    """Write what was registered of each feature, two days before its window."""
    rows = []
    for one in features:
        starts, ends = one.window(draft.span.as_of)
        said = (starts, ends)
        registered = (4, 0.5, starts - timedelta(days=2), one.owner)
        rows.append((one.name, "basket_value", "primary", "customer", *said, one.minimum_effect, *registered))
        rows.append((one.name, "orders_per_customer", "guardrail", "customer", *said, 0.2, *registered))
    head = (
        "feature",
        "metric",
        "role",
        "unit",
        "first_day",
        "deadline",
        "effect",
        "looks",
        "control",
        "registered",
        "owner",
    )
    return write_csv(draft.data / "experiments.csv", head, rows)


def write_exposures(draft: Draft, seen: tuple[Exposed, ...]) -> Path:
    """Write who saw which feature."""
    start, rows = np.datetime64(start_of(draft), "m"), []
    for one in seen:
        times = np.datetime_as_string(start + one.minute, unit="m").tolist()
        arms = np.where(one.treated, "treated", "control").tolist()
        rows += [
            (one.feature.name, f"u{who:06d}", arm, at)
            for who, arm, at in zip(one.customer.tolist(), arms, times, strict=True)
        ]
    return write_csv(draft.data / "exposures.csv", ("feature", "client", "arm", "at"), rows)
