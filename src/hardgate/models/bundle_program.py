"""The mixed-integer programme behind bundle prices, and the exact prices of the choices that it finds.

The programme says which bundle each segment takes; given that, the highest prices follow from differences of
reservation prices alone, without a solver's tolerance. Wrong for sizes that the solver cannot finish: it says so and
gives none.

>>> one = Market(((0,),), *(np.array(x, float) for x in ([2], [[5]], [1], [0], [0])))
>>> solve(one, "mixed"), prices(one, [0], "mixed").tolist()
([0], [5.0])

Source: Hanson & Martin (1990), Management Science 36; solved by HiGHS (Huangfu & Hall 2018).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardgate.models.unprinted import unprinted

Floats = NDArray[np.float64]
LIMIT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Market:
    """Segments and bundles: sizes (segments,), values (segments, bundles), and costs, floors and needs (bundles,)."""

    bundles: tuple[tuple[int, ...], ...]
    sizes: Floats
    values: Floats
    costs: Floats
    floors: Floats
    needs: Floats
    capacity: float = np.inf

    @property
    def cap(self) -> float:
        """A price that is above everything."""
        return float(max(self.values.max(initial=0.0), self.floors.max(initial=0.0))) + 1.0

    def unions(self) -> Iterator[tuple[int, int, int]]:
        """Yield a bundle and two that it is made of, by position: it may not cost more than they do."""
        place = {frozenset(one): i for i, one in enumerate(self.bundles)}
        for whole, i in place.items():
            for part, j in place.items():
                if part < whole and min(part) == min(whole):
                    yield i, j, place[whole - part]


def solve(market: Market, how: str) -> list[int]:
    """Find the bundle that each segment takes at the best prices, -1 for none; `how` is mixed or components.

    Raises:
        ValueError: the solver found no optimum.

    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    rows = _Rows(market, how)
    matrix = csr_array((rows.entries, (rows.at, rows.column)), shape=(len(rows.low), rows.variables))
    with unprinted():
        found = milp(
            rows.objective(),
            constraints=LinearConstraint(matrix, rows.low, rows.high),
            integrality=rows.integral(),
            bounds=Bounds(*rows.bounds()),
            options={"mip_rel_gap": 0.0, "time_limit": LIMIT_SECONDS},
        )
    if found.status != 0 or found.x is None:
        raise ValueError(f"bundle prices: the solver gave no optimum: {found.message}")
    choice = found.x[: market.values.size].reshape(market.values.shape).round()
    return [int(row.argmax()) if row.any() else -1 for row in choice]


class _Rows:
    """The rows of the programme. Variables: takes (k, b), paid (k, b), price (b), surplus (k)."""

    def __init__(self, market: Market, how: str) -> None:
        """Write every constraint."""
        self.market = market
        self.entries: list[float] = []
        self.at: list[int] = []
        self.column: list[int] = []
        self.low: list[float] = []
        self.high: list[float] = []
        count, offers = market.values.shape
        self.paid, self.price = count * offers, 2 * count * offers
        self.surplus = self.price + offers
        self.variables = self.surplus + count
        # Where parts add up, a bundle may cost as much as all of its parts at their highest.
        parts = np.array([len(one) if how == "components" else 1 for one in market.bundles])
        self.high_price = market.cap * parts
        for k in range(count):
            self._segment(k, offers)
        for i, j, rest in market.unions():
            bound = 0.0 if how == "components" else -np.inf
            self._add({self.price + i: 1.0, self.price + j: -1.0, self.price + rest: -1.0}, bound, 0.0)
        if np.isfinite(market.capacity):
            used = np.outer(market.sizes, market.needs).ravel()
            self._add(dict(enumerate(used.tolist())), -np.inf, market.capacity)

    def _segment(self, k: int, offers: int) -> None:
        """A segment takes at most one bundle, pays its price, and no other bundle leaves it more."""
        worth = self.market.values[k]
        takes = [k * offers + b for b in range(offers)]
        self._add(dict.fromkeys(takes, 1.0), -np.inf, 1.0)
        kept = {self.surplus + k: 1.0}
        for b, at in enumerate(takes):
            paid, price = self.paid + at, self.price + b
            kept |= {at: -float(worth[b]), paid: 1.0}
            top = float(self.high_price[b])
            self._add({self.surplus + k: 1.0, price: 1.0}, float(worth[b]), np.inf)
            self._add({paid: 1.0, price: -1.0}, -np.inf, 0.0)
            self._add({paid: 1.0, at: -float(worth[b])}, -np.inf, 0.0)
            self._add({paid: 1.0, price: -1.0, at: -top}, -top, np.inf)
        self._add(kept, 0.0, 0.0)

    def _add(self, row: dict[int, float], low: float, high: float) -> None:
        self.at += [len(self.low)] * len(row)
        self.column += row
        self.entries += row.values()
        self.low.append(low)
        self.high.append(high)

    def objective(self) -> Floats:
        """Return what is minimised: cost of what is taken less what is paid."""
        found = np.zeros(self.variables)
        found[: self.paid] = np.outer(self.market.sizes, self.market.costs).ravel()
        found[self.paid : self.price] = -np.repeat(self.market.sizes, self.market.values.shape[1])
        return found

    def integral(self) -> NDArray[np.int64]:
        """Return which variables are whole: what is taken."""
        found: NDArray[np.int64] = (np.arange(self.variables) < self.paid).astype(np.int64)
        return found

    def bounds(self) -> tuple[Floats, Floats]:
        """Return the bounds of every variable."""
        low, high = np.zeros(self.variables), np.full(self.variables, np.inf)
        high[: self.paid] = 1.0
        high[: self.paid][self.market.values.ravel() < 0] = 0.0
        low[self.price : self.surplus] = self.market.floors
        high[self.price : self.surplus] = self.high_price
        return low, high


def prices(market: Market, taken: Sequence[int], how: str) -> Floats:
    """Return the highest prices at which every segment takes what it takes; of the bundles nobody takes, the least.

    Where components add up to their bundles, the prices come from the linear programme of those choices.
    """
    if how == "components":
        return _component_prices(market, taken)
    found = np.full(len(market.bundles), market.cap)
    chosen = [(k, b) for k, b in enumerate(taken) if b >= 0]
    unions = list(market.unions())
    for _ in range(len(market.bundles) * (len(chosen) + 2) + 10):
        before = found.copy()
        for k, b in chosen:
            others = market.values[k, b] - np.maximum((market.values[k] - found)[np.arange(len(found)) != b], 0.0).max(
                initial=0.0
            )
            found[b] = min(found[b], others)
        for i, j, rest in unions:
            found[i] = min(found[i], found[j] + found[rest])
        if np.array_equal(before, found):
            break
    return _lowered(market, taken, found, unions)


def _lowered(market: Market, taken: Sequence[int], found: Floats, unions: Sequence[tuple[int, int, int]]) -> Floats:
    """Lower the prices of bundles that nobody takes to the least at which nobody does."""
    kept = [max(float(market.values[k, b] - found[b]), 0.0) if b >= 0 else 0.0 for k, b in enumerate(taken)]
    for b in reversed([b for b in range(len(found)) if b not in taken]):
        least = max(float(market.floors[b]), *(float(market.values[k, b]) - kept[k] for k in range(len(kept))))
        for i, j, rest in unions:
            if b in {j, rest}:
                least = max(least, float(found[i] - found[rest if b == j else j]))
        found[b] = min(found[b], least) if least <= found[b] else found[b]
    return found


def _component_prices(market: Market, taken: Sequence[int]) -> Floats:
    from scipy.optimize import linprog

    singles = [i for i, one in enumerate(market.bundles) if len(one) == 1]
    parts = np.array([[1.0 if market.bundles[i][0] in one else 0.0 for i in singles] for one in market.bundles])
    rows, limits = [-parts], [-market.floors]
    for k, b in enumerate(taken):
        worth = market.values[k]
        if b >= 0:
            rows += [parts[b] - parts, parts[b][None, :]]
            limits += [worth[b] - worth, np.array([worth[b]])]
        else:
            rows.append(-parts)
            limits.append(-worth)
    gain = sum((market.sizes[k] * parts[b] for k, b in enumerate(taken) if b >= 0), np.zeros(len(singles)))
    found = linprog(-gain + 1e-9, A_ub=np.concatenate(rows), b_ub=np.concatenate(limits) + 1e-9, bounds=(0, market.cap))
    if found.status != 0:
        raise ValueError(f"component prices: the solver gave no optimum: {found.message}")
    return np.asarray((parts @ found.x).round(6), dtype=np.float64)
