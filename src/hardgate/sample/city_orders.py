"""Orders of the sample's cities: customers come, order at their own rate, and leave; amounts are whole fen.

Who leaves differs from customer to customer, so that those who stay long are those who stay longer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hardgate.sample.cities import CITIES, NEVER_PAYS, PRODUCTS, SEGMENTS, WEEKS, ZONES, City, Feature
from hardgate.sample.draft import Draft
from hardgate.sample.files import write_csv

Whole = NDArray[np.int64]
AMOUNTS = ("basket", "commission", "fee", "voucher", "merchant_voucher", "courier", "payment", "support", "refund")
HEAD = ("no", "client", "town", "area", "kind", "shop", "at", "done", *(f"{one}_fen" for one in AMOUNTS))
_VOUCHER_FEN, _VOUCHERS = 600, 3
_MINUTES_A_DAY = 1440


@dataclass(frozen=True, slots=True)
class Orders:
    """All orders in order of time: minutes from the start, customer by number, city, and amounts in fen."""

    minute: Whole
    customer: Whole
    city: Whole
    zone: Whole
    segment: Whole
    product: Whole
    amounts: Mapping[str, Whole]

    @property
    def day(self) -> Whole:
        """Days from the first one."""
        return self.minute // _MINUTES_A_DAY


@dataclass(frozen=True, slots=True)
class Exposed:
    """Who saw a feature: customer by number, minute of the first time, and whether in the treated arm."""

    feature: Feature
    customer: Whole
    minute: Whole
    treated: NDArray[np.bool_]


def start_of(draft: Draft) -> datetime:
    """Return the first moment of the orders."""
    first = draft.span.as_of - timedelta(weeks=WEEKS)
    return datetime(first.year, first.month, first.day)


def ordered(
    draft: Draft, features: Sequence[Feature], strength: Mapping[str, float], scale: float
) -> tuple[Orders, tuple[Exposed, ...]]:
    """Return all orders, and who saw which feature."""
    parts, before = [], 0
    for at, city in enumerate(CITIES.values()):
        part, before = _of_city(draft, at, city, scale, before)
        parts.append(part)
    columns = [np.concatenate(one) for one in zip(*parts, strict=True)]
    columns = [one[np.argsort(columns[0], kind="stable")] for one in columns]
    minute, customer, town, zone = columns
    random = draft.draws("orders", "amounts")
    kinds = random.random((before, 2))
    segment, product = ((kinds[customer, i] > split).astype(np.int64) for i, split in ((0, 0.7), (1, 0.8)))
    lift = np.ones(len(minute))
    seen = tuple(_exposed(draft, one, minute, customer, lift) for one in features)
    amounts = _amounts(random, minute, customer, town, lift, strength["never_pays_back"])
    return Orders(minute, customer, town, zone, segment, product, amounts), seen


def _of_city(draft: Draft, at: int, city: City, scale: float, before: int) -> tuple[tuple[Whole, ...], int]:
    """Return minute, customer, city and zone of a city's orders, and how many customers there are by now."""
    random, end = draft.draws("orders", city.name), WEEKS * 7 * _MINUTES_A_DAY
    won = random.poisson(city.new_a_week * scale, WEEKS)
    week = np.repeat(np.arange(WEEKS), won)
    count = len(week)
    first = (week * 7 * _MINUTES_A_DAY + random.random(count) * 7 * _MINUTES_A_DAY).astype(np.int64)
    stays = random.geometric(np.clip(random.beta(1.1, 9.0, count), 1e-3, 1)) * 7 * _MINUTES_A_DAY
    rate = random.gamma(4.0, 0.9 / 4.0, count) / (7 * _MINUTES_A_DAY)
    there = np.minimum(first + stays, end) - first
    more = random.poisson(rate * there)
    again = np.repeat(np.arange(count), more)
    later = first[again] + (random.random(len(again)) * there[again]).astype(np.int64)
    minute = np.concatenate([first, later])
    who = np.concatenate([np.arange(count), again])
    zone = random.integers(0, len(ZONES), count)[who]
    return (minute, who + before, np.full(len(who), at), zone), before + count


def _exposed(draft: Draft, feature: Feature, minute: Whole, customer: Whole, lift: NDArray[np.float64]) -> Exposed:
    """Expose whoever orders in a feature's window, half of them to it, and let it work from then on."""
    random = draft.draws("features", feature.name)
    first, last = (WEEKS * 7 + days for days in (feature.starts, feature.ends))
    inside = np.flatnonzero((minute >= first * _MINUTES_A_DAY) & (minute < last * _MINUTES_A_DAY))
    who, at = np.unique(customer[inside], return_index=True)
    treated = random.random(len(who)) < 0.5
    arm = np.zeros(int(customer.max()) + 1, np.bool_)
    arm[who[treated]] = True
    lift[inside[arm[customer[inside]]]] *= 1 + feature.lift
    return Exposed(feature, who, minute[inside][at], treated)


def _amounts(  # noqa: PLR0913  what an amount depends on
    random: np.random.Generator,
    minute: Whole,
    customer: Whole,
    town: Whole,
    lift: NDArray[np.float64],
    given_away: float,
) -> dict[str, Whole]:
    """Return the amounts of every order, in fen."""
    cities = tuple(CITIES.values())
    count = len(minute)
    mean = np.array([city.basket for city in cities])[town] * 100
    sigma = 0.55
    basket = mean * lift * np.exp(random.normal(-(sigma**2) / 2, sigma, count))
    courier = np.array([city.courier_cost for city in cities])[town] * 100 * np.exp(random.normal(0, 0.2, count))
    order = np.lexsort((minute, customer))
    starts = np.concatenate([[True], np.diff(customer[order]) > 0])
    nth = np.empty(count, np.int64)
    nth[order] = np.arange(count) - np.maximum.accumulate(np.where(starts, np.arange(count), 0))
    voucher = np.where(random.random(count) < 0.35, 0.05 * basket, 0) + np.where(nth < _VOUCHERS, _VOUCHER_FEN, 0)
    never = np.array([city.name == NEVER_PAYS for city in cities])[town]
    voucher += np.where(never, given_away * basket, 0)
    refund = np.where(random.random(count) < 0.012, basket, 0)
    found = {
        "basket": basket, "commission": 0.185 * basket, "fee": np.full(count, 400.0), "voucher": voucher,
        "merchant_voucher": np.where(random.random(count) < 0.2, 0.08 * basket, 0), "courier": courier,
        "payment": 0.006 * basket, "support": np.full(count, 55.0), "refund": 0.3 * refund,
    }  # fmt: skip
    return {
        name: np.maximum(1 if name == "basket" else 0, np.rint(values)).astype(np.int64)
        for name, values in found.items()
    }


def write_orders(draft: Draft, orders: Orders) -> Path:
    """Write every order."""
    names = [np.array(one)[at].tolist() for one, at in _named(orders)]
    start = np.datetime64(start_of(draft), "m")
    placed, done = (np.datetime_as_string(start + orders.minute + late, unit="m").tolist() for late in (0, 38))
    numbers = [f"Q{at:07d}" for at in range(len(orders.minute))]
    clients = [f"u{at:06d}" for at in orders.customer.tolist()]
    amounts = [orders.amounts[name].tolist() for name in AMOUNTS]
    return write_csv(
        draft.data / "orders.csv", HEAD, zip(numbers, clients, *names, placed, done, *amounts, strict=True)
    )


def _named(orders: Orders) -> tuple[tuple[Sequence[str], Whole], ...]:
    return (
        (tuple(CITIES), orders.city),
        (ZONES, orders.zone),
        (SEGMENTS, orders.segment),
        (PRODUCTS, orders.product),
    )
