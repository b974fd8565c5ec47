"""What to charge for products and their bundles when segments differ in what they would pay, exactly.

Every segment takes the offer that leaves it the most, or nothing; ties go to the seller; no bundle costs more than its
parts. Mixed bundling offers every bundle at its own price, so it never earns less than pure bundling or components
alone. Exact to about four products and ten segments; beyond that `by_size` prices the number of products alone.
Wrong when reservation prices are guesses: look at the profit over what they might be, not at one point.

Two films for two theatres that value them 8,000 and 2,500, and 7,000 and 3,000: sold apart they bring 19,000.

>>> theatres = [Segment(1, (8000, 2500)), Segment(1, (7000, 3000))]
>>> best_components(theatres, (0, 0)).profit, best_mixed(theatres, (0, 0)).profit
(19000.0, 20000.0)

Source: Stigler (1963), United States v. Loew's Inc.; Hanson & Martin (1990), Management Science 36; Chu, Leslie &
Sorensen (2011), American Economic Review 101, for prices by size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hardgate.models import bundle_program
from hardgate.models.bundle_program import Floats, Market

TIE = 1e-6


@dataclass(frozen=True, slots=True)
class Segment:
    """Customers who value products alike: how many, and what each product (or each bundle) is worth to one of them."""

    size: float
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Prices and what they bring. `bundles` holds products by position; `choices` the bundle of each segment or None.

    `prices` has one price a bundle, None where it is not offered. A bundle that nobody takes has the least price at
    which nobody does.
    """

    bundles: tuple[tuple[int, ...], ...]
    prices: tuple[float | None, ...]
    choices: tuple[int | None, ...]
    profit: float
    revenue: float


def bundles_of(products: int) -> tuple[tuple[int, ...], ...]:
    """Every bundle of some products, single ones first.

    >>> bundles_of(2)
    ((0,), (1,), (0, 1))
    """
    return tuple(chosen for size in range(1, products + 1) for chosen in combinations(range(products), size))


def best_mixed(
    segments: Sequence[Segment | tuple[float, Sequence[float]]],
    costs: Sequence[float],
    floors: Sequence[float] | None = None,
    *,
    needs: Sequence[float] | None = None,
    capacity: float | None = None,
    products: int | None = None,
) -> Plan:
    """The best price of every bundle.

    Args:
        segments: how many customers, and their reservation prices: one a product (they add up) or one a bundle, in the
            order of `bundles_of`.
        costs: of one unit of each product, or of each bundle.
        floors: the least price of each product or bundle; none by default.
        needs: capacity that one unit of each product or bundle takes.
        capacity: how much there is of it.
        products: how many there are, where the numbers of values and costs leave it open; else as many as costs.

    Raises:
        ValueError: the numbers of values, costs or floors fit no number of products, or the solver fails.

    """
    return _solved(_market(segments, costs, floors, needs, capacity, products), "mixed")


def best_components(
    segments: Sequence[Segment | tuple[float, Sequence[float]]],
    costs: Sequence[float],
    floors: Sequence[float] | None = None,
    *,
    needs: Sequence[float] | None = None,
    capacity: float | None = None,
    products: int | None = None,
) -> Plan:
    """The best price of every product where a bundle costs the sum of its parts; arguments as in `best_mixed`."""
    return _solved(_market(segments, costs, floors, needs, capacity, products), "components")


def best_pure(
    segments: Sequence[Segment | tuple[float, Sequence[float]]],
    costs: Sequence[float],
    floors: Sequence[float] | None = None,
    *,
    needs: Sequence[float] | None = None,
    capacity: float | None = None,
    products: int | None = None,
) -> Plan:
    """The best price of all products together, where nothing is sold apart; arguments as in `best_mixed`."""
    market = _market(segments, costs, floors, needs, capacity, products)
    worth, cost, last = market.values[:, -1], market.costs[-1], len(market.bundles) - 1
    best, sold = 0.0, np.zeros(len(worth), dtype=np.bool_)
    price: float | None = None
    for offer in sorted({*worth.tolist(), float(market.floors[-1])}):
        takes = (worth >= offer) & (offer >= market.floors[-1])
        if offer <= cost:
            takes &= worth > offer  # at no profit a tie is better not sold
        earned = float(market.sizes[takes].sum() * (offer - cost))
        if market.sizes[takes].sum() * market.needs[-1] <= market.capacity * (1 + 1e-12) and earned > best + TIE:
            best, price, sold = earned, offer, takes
    choices = tuple(last if one else None for one in sold.tolist())
    prices = (*(None for _ in range(last)), price)
    return Plan(market.bundles, prices, choices, best, float(market.sizes[sold].sum() * (price or 0.0)))


def at_prices(
    segments: Sequence[Segment | tuple[float, Sequence[float]]],
    costs: Sequence[float],
    prices: Sequence[float | None],
    *,
    products: int | None = None,
) -> Plan:
    """What given prices bring; ties go to the seller. A price for each bundle, None where it is not offered."""
    market = _market(segments, costs, None, None, None, products)
    offered = np.array([np.inf if one is None else one for one in prices], dtype=np.float64)
    choices = chosen(market.values, offered, market.costs)
    return _plan(market, tuple(prices), choices.tolist())


def profits(values: ArrayLike, sizes: ArrayLike, costs: ArrayLike, prices: Sequence[float | None]) -> Floats:
    """The profit of given prices over draws of reservation prices, shape (draws,).

    Args:
        values: of each draw, segment and bundle, shape (draws, segments, bundles).
        sizes: of the segments, shape (segments,).
        costs: of the bundles, shape (bundles,).
        prices: of the bundles; None where one is not offered.

    """
    drawn, cost = np.asarray(values, dtype=np.float64), np.asarray(costs, dtype=np.float64)
    offered = np.array([np.inf if one is None else one for one in prices], dtype=np.float64)
    taken = chosen(drawn.reshape(-1, drawn.shape[-1]), offered, cost).reshape(drawn.shape[:2])
    earned = np.where(taken >= 0, np.where(np.isfinite(offered), offered, 0.0)[taken] - cost[taken], 0.0)
    total: Floats = earned @ np.asarray(sizes, dtype=np.float64)
    return total


def chosen(values: Floats, prices: Floats, costs: Floats) -> NDArray[np.int64]:
    """The bundle that each row of values takes, -1 for none; of equally good ones that which earns the most."""
    surplus = values - prices
    best = np.maximum(surplus.max(axis=1), 0.0)
    earns = np.where(surplus >= best[:, None] - TIE, np.where(np.isfinite(prices), prices - costs, -np.inf), -np.inf)
    taken = earns.argmax(axis=1)
    worth = np.take_along_axis(earns, taken[:, None], axis=1)[:, 0]
    refused = np.isneginf(worth) | ((best <= TIE) & (worth < 0))
    return np.where(refused, -1, taken)


def by_size(
    segments: Sequence[Segment | tuple[float, Sequence[float]]],
    costs: Sequence[float],
    floors: Sequence[float] | None = None,
    *,
    rounds: int = 20,
) -> Plan:
    """Prices by how many products are taken, whichever they are; `bundles` are then sizes, as (0,), (0, 1) and so on.

    Every customer takes the products worth most to it. A size costs at least the floors of its dearest products. Found
    by moving one price at a time to the best of those at which somebody changes what they take, from several starts.

    Raises:
        ValueError: the segments do not say what each single product is worth.

    """
    sizes, values = _rows(segments)
    if values.shape[1] != len(costs):
        raise ValueError(f"{values.shape[1]} values for {len(costs)} products: prices by size need one for each")
    least = np.cumsum(np.sort(np.zeros(len(costs)) if floors is None else np.asarray(floors, dtype=np.float64))[::-1])
    order = np.argsort(-values, axis=1, kind="stable")
    worth = np.cumsum(np.take_along_axis(values, order, axis=1), axis=1)
    cost = np.cumsum(np.asarray(costs, dtype=np.float64)[order], axis=1)
    from hardgate.models.bundle_sizes import best

    prices, taken, profit = best(sizes, worth, cost, least, rounds)
    names = tuple(tuple(range(size + 1)) for size in range(len(costs)))
    revenue = float(sum(sizes[i] * prices[at] for i, at in enumerate(taken) if at >= 0))
    choices = tuple(None if at < 0 else int(at) for at in taken)
    return Plan(names, tuple(float(one) for one in prices), choices, profit, revenue)


def _rows(segments: Sequence[Segment | tuple[float, Sequence[float]]]) -> tuple[Floats, Floats]:
    pairs = [(one.size, one.values) if isinstance(one, Segment) else one for one in segments]
    sizes, values = (np.asarray(part, dtype=np.float64) for part in ([a for a, _ in pairs], [b for _, b in pairs]))
    if values.ndim != 2 or not np.isfinite(values).all() or (sizes < 0).any():
        raise ValueError("segments: expected the same number of reservation prices of each, and sizes from 0 on")
    return sizes, values


def _market(
    segments: Sequence[Segment | tuple[float, Sequence[float]]],
    costs: Sequence[float],
    floors: Sequence[float] | None,
    needs: Sequence[float] | None,
    capacity: float | None,
    products: int | None,
) -> Market:
    sizes, values = _rows(segments)
    products = products or _products(values.shape[1], len(costs))
    names = bundles_of(products)
    cost, floor, need = (_per_bundle(one, names, products) for one in (costs, floors, needs))
    spread = (
        values if values.shape[1] == len(names) else np.stack([_per_bundle(row, names, products) for row in values])
    )
    return Market(names, sizes, spread, cost, floor, need, np.inf if capacity is None else capacity)


def _products(values: int, costs: int) -> int:
    """How many products there are: as many as costs where values fit it, else as the values say."""
    fits = [n for n in range(1, 13) if values in {n, 2**n - 1} and costs in {n, 2**n - 1}]
    if not fits:
        raise ValueError(f"{values} reservation prices and {costs} costs: expected one a product, or one a bundle")
    return costs if costs in fits else fits[0]


def _per_bundle(given: ArrayLike | None, names: Sequence[tuple[int, ...]], products: int) -> Floats:
    """Numbers of products as numbers of bundles: those of a bundle are the sum of its products'."""
    if given is None:
        return np.zeros(len(names))
    numbers = np.asarray(given, dtype=np.float64)
    if numbers.shape == (len(names),):
        return numbers
    if numbers.shape != (products,):
        raise ValueError(f"{numbers.shape} numbers: expected {products} of products or {len(names)} of bundles")
    return np.array([numbers[list(one)].sum() for one in names])


def _solved(market: Market, how: str) -> Plan:
    taken = bundle_program.solve(market, how)
    prices = bundle_program.prices(market, taken, how)
    return _plan(market, tuple(prices.tolist()), taken)


def _plan(market: Market, prices: tuple[float | None, ...], taken: Sequence[int]) -> Plan:
    sold = [(market.sizes[i], prices[at] or 0.0, market.costs[at]) for i, at in enumerate(taken) if at >= 0]
    profit, revenue = (float(sum(part)) for part in ([n * (p - c) for n, p, c in sold], [n * p for n, p, _ in sold]))
    choices = tuple(None if at < 0 else int(at) for at in taken)
    return Plan(market.bundles, prices, choices, profit, revenue)
