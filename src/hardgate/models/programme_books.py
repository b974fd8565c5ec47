"""The books of a business on many paths, closed quarter by quarter: what it sells, earns, owes in tax, has in cash.

The same lines as `programme_run`, for many paths at once. One quarter is one row of paths, and a dozen rows lie in a
core's cache, so a quarter is closed before the next one is opened: losses, what has been taxed and what is bound are
all that is carried forward. Where a delay differs by path, each line lies between those of the whole quarters around
it. Wrong where that is; the tests hold one to the other.

>>> from hardgate.models.programme import HOURS_PER_QUARTER, Levels, Vintage
>>> one = Vintage("first", spend=0, amount=1000, lead=1, life=2, gpus=100, price=10 / HOURS_PER_QUARTER)
>>> plan = Programme((one,), quarters=2, demand=500, tax_rate=0.2)
>>> level = {name: np.ones(1) for name in NAMES} | {"delay": np.zeros(1)}
>>> books, line = Books(Business.of(plan), level, 1), np.empty((3, 1))
>>> for quarter in range(2):
...     books.close(quarter, np.full(1, 500.0), np.ones(1), *line)
>>> line.round(2).ravel().tolist()
[1000.0, 500.0, 900.0]

Source: METHODS 11; ordinary corporate finance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardgate.models.programme import NAMES, STILL, Levels, Other, Profile, Programme, Vintage, profile

Floats = NDArray[np.float64]

OTHERS = tuple(one.name for one in fields(Other))
LINES = ("sellable", "revenue", "variable_cost", "busy_power", "idle_power", "opex", "depreciation")
"""What moves with a delay, in this order; depreciation is that of new vintages alone, whose capital may differ."""


@lru_cache(maxsize=64)
def _profiles(programme: Programme, vintages: tuple[Vintage, ...], late: int) -> tuple[Profile, ...]:
    """The profiles of some vintages on time, a quarter late, and so on, so often; kept: levels do not change them."""
    return tuple(profile(programme, vintages, quarters) for quarters in range(late + 1))


@dataclass(frozen=True, slots=True)
class Business:
    """What a business is made of: its vintages by whole quarters of delay, and other segments.

    Attributes:
        programme: that it runs.
        lines: shape (quarters, lines, delays): each of `LINES` on time, a quarter late, and so on.
        written_off: of committed vintages, shape (quarters,).
        spent: on new vintages, shape (quarters,).
        earned: EBITA of other segments less fees, shape (quarters,).
        beside: what else moves cash and stands fixed: of other segments and of committed vintages, shape (quarters,).
        revenue: of other segments, shape (quarters,).
        powered: whether power costs anything.

    """

    programme: Programme
    lines: Floats
    written_off: list[float]
    spent: list[float]
    earned: list[float]
    beside: list[float]
    revenue: list[float]
    powered: bool

    @classmethod
    def of(cls, programme: Programme) -> "Business":
        """Work out all profiles that the paths may need."""
        committed = tuple(one for one in programme.vintages if one.committed)
        asked = tuple(one for one in programme.vintages if not one.committed)
        late = programme.quarters if asked and (programme.spread.delay or programme.centre.delay) else 0
        plain = replace(programme, centre=Levels(), spread=STILL)
        (mine,), new = _profiles(plain, committed, 0), _profiles(plain, asked, late)
        lines = np.stack([np.stack([getattr(one, name) for one in new], axis=1) for name in LINES], axis=1)
        for at, name in enumerate(LINES[:-1]):
            lines[:, at] += getattr(mine, name)[:, np.newaxis]
        rows = programme.others or (Other(0.0, 0.0),) * programme.quarters
        other = {name: np.array([getattr(one, name) for one in rows], dtype=np.float64) for name in OTHERS}
        fees = np.array(programme.fees or (0.0,) * programme.quarters)
        beside = other["depreciation"] - other["working_capital"] - other["capex"] - mine.capex
        powered = bool(lines[:, LINES.index("busy_power") : LINES.index("idle_power") + 1].any())
        return cls(
            programme, lines, mine.depreciation.tolist(), new[0].capex.tolist(), (other["ebita"] - fees).tolist(),
            beside.tolist(), other["revenue"].tolist(), powered,
        )  # fmt: skip


class Books:
    """The books of one business on some paths: close quarter 0 first, then each once, in order."""

    def __init__(self, business: Business, levels: Mapping[str, Floats], width: int) -> None:
        self.business, self.levels = business, levels
        self._load, self._cost, self._work = (np.empty(width) for _ in range(3))
        self._bound = np.full(width, float(business.programme.bound))
        self._profit, self._taxed = np.full(width, -float(business.programme.losses)), np.zeros(width)
        delays = business.lines.shape[2]
        self._weights = _between(levels["delay"], delays) if delays > 1 else None
        self._rows = np.empty((len(LINES), width))

    def close(self, quarter: int, demand: Floats, price: Floats, revenue: Floats, ebita: Floats, cash: Floats) -> None:
        """Write revenue, EBITA and free cash flow of one quarter; each argument has shape (paths,)."""
        this, capex = self.business, self.levels["capex"]
        sellable, full, *costs, written_off = self._lines(quarter)
        self._sell(demand, sellable)
        np.multiply(self._load, price, out=revenue)
        revenue *= full
        np.subtract(revenue, self._costs(*costs), out=cash)
        if this.earned[quarter]:
            cash += this.earned[quarter]
        np.subtract(cash, np.multiply(written_off, capex, out=self._work), out=ebita)
        if this.written_off[quarter]:
            ebita -= this.written_off[quarter]
        if this.spent[quarter]:
            cash -= np.multiply(capex, this.spent[quarter], out=self._work)
        if this.beside[quarter]:
            cash += this.beside[quarter]
        if this.programme.working_capital or this.programme.bound:
            cash += self._bound
            np.multiply(revenue, this.programme.working_capital, out=self._bound)
            cash -= self._bound
        if this.revenue[quarter]:
            revenue += this.revenue[quarter]
        if this.programme.tax_rate:
            cash -= self._tax(ebita)

    def _lines(self, quarter: int) -> Any:  # noqa: ANN401  numbers or rows, which are worked with alike
        """Each line of the profiles in a quarter: one number, or a row of them where delays differ by path."""
        lines = self.business.lines[quarter]
        if self._weights is None:
            return lines[:, 0].tolist()
        return np.matmul(lines[:, : self._weights.shape[0]], self._weights, out=self._rows)

    def _sell(self, demand: Floats, sellable: Any) -> None:  # noqa: ANN401  a number or a row
        """Fill the load: the part of what is sellable at full load that is sold."""
        if isinstance(sellable, float):
            np.multiply(demand, 1 / sellable if sellable > 0 else 0.0, out=self._load)
        else:
            self._load[:] = 0.0
            np.divide(demand, sellable, out=self._load, where=sellable > 0)
        np.minimum(self._load, self.levels["productive_share"], out=self._load)

    def _costs(self, variable: Any, busy: Any, idle: Any, opex: Any) -> Floats:  # noqa: ANN401  numbers or rows
        """All costs of a quarter but what is written off: power and variable cost of what is sold, idle power, opex."""
        cost, work = self._cost, self._work
        np.multiply(self._load, variable, out=cost)
        if self.business.powered:
            np.multiply(self._load, busy, out=work)
            work += idle
            work *= self.levels["power_price"]
            cost += work
        cost += np.multiply(self.levels["opex"], opex, out=work)
        return cost

    def _tax(self, ebita: Floats) -> Floats:
        """Tax on what profit, added up from the losses, newly exceeds the highest that it has ever stood at."""
        self._profit += ebita
        reached = np.maximum(self._taxed, self._profit, out=self._work)
        tax: Floats = np.subtract(reached, self._taxed, out=self._cost)
        tax *= self.business.programme.tax_rate
        self._taxed, self._work = self._work, self._taxed
        return tax


def _between(delay: Floats, delays: int) -> Floats:
    """How much of each whole quarter of delay a path has, shape (delays in use, paths): parts of the two around it.

    >>> _between(np.array([0.0, 1.25]), 5).tolist()
    [[1.0, 0.0], [0.0, 0.75], [0.0, 0.25]]
    """
    whole = np.minimum(delay.astype(np.intp), delays - 2)
    part = np.minimum(delay - whole, 1.0)
    found, paths = np.zeros((int(whole.max()) + 2, delay.size)), np.arange(delay.size)
    found[whole, paths] = 1 - part
    found[whole + 1, paths] = part
    return found


def alone(programme: Programme) -> Floats:
    """Free cash flow of a business without vintages, the same on every path: shape (quarters,)."""
    levels = {name: np.full(1, getattr(programme.centre, name)) for name in NAMES}
    books, line = Books(Business.of(programme), levels, 1), np.empty((3, 1))
    found = np.empty(programme.quarters)
    for quarter in range(programme.quarters):
        books.close(quarter, np.zeros(1), np.ones(1), *line)
        found[quarter] = line[2, 0]
    return found
