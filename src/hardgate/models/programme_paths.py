"""What a programme may become: the same run on many courses of demand, price and levels, drawn evenly.

Demand and price are geometric Brownian motions from quarter 0, correlated; each level stands at its centre, give or
take its spread. All of it is drawn once and used for every question, so that two programmes, or one with a driver
moved, differ by what was changed and by nothing else. Wrong when a spread is a guess that nobody reviews, and when
demand jumps. What is decided on the way, such as a gate that stops later vintages, is not in these paths: see `without`
of the programme for what it would leave.

A programme whose demand is certain has one course only:

>>> from hardgate.models.programme import HOURS_PER_QUARTER, Vintage, run
>>> one = Vintage("first", spend=0, amount=1000, lead=1, life=2, gpus=100, price=10 / HOURS_PER_QUARTER)
>>> certain = Programme((one,), quarters=3, demand=500)
>>> found = simulate(certain, draw(3, 64, seed=7))
>>> bool(np.allclose(found.cash, run(certain).cash[:, np.newaxis]))
True

Source: METHODS 11; Black & Scholes (1973) for the motion, whose mean grows as stated.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hardgate.models.draw import THREADS, bridge, correlated, in_blocks, normals, parts
from hardgate.models.programme import (
    ADDED,
    NAMES,
    QUARTERS_A_YEAR,
    STILL,
    Levels,
    Other,
    Profile,
    Programme,
    Vintage,
    profile,
)

Floats = NDArray[np.float64]

TINY = 1e-300
SLICE = 512  # paths that one pass takes: its few arrays of 40 quarters lie in a core's second-level cache
BLOCK = 1 << 14  # paths that one thread takes
STREAMED = 1 << 11  # paths that are drawn, run and handed over at a time


@dataclass(frozen=True, slots=True)
class Draws:
    """Standard courses: Brownian paths of unit steps from quarter 0, and one normal for each level.

    Attributes:
        levels: shape (levels, paths), in the order of `programme.NAMES`.
        demand: shape (quarters, paths); nothing in quarter 0.
        price: shape (quarters, paths); independent of demand.

    """

    levels: Floats
    demand: Floats
    price: Floats

    @property
    def count(self) -> int:
        """How many paths there are."""
        return int(self.levels.shape[1])


@dataclass(frozen=True, slots=True)
class Paths:
    """What came of each course; each has shape (quarters, paths). Revenue, EBITA and free cash flow are of the whole.

    `cash` is what the programme adds to free cash flow.
    """

    revenue: Floats
    ebita: Floats
    free_cash_flow: Floats
    cash: Floats

    @property
    def margin(self) -> Floats:
        """Adjusted EBITA over revenue; nan without revenue."""
        return np.divide(self.ebita, self.revenue, out=np.full_like(self.ebita, np.nan), where=self.revenue > 0)


def draw(quarters: int, count: int, seed: int) -> Draws:
    """Draw courses: one scramble of Sobol's points, whose first dimensions are the levels and the ends of the paths.

    Args:
        quarters: of the programme.
        count: paths, a power of two.
        seed: of the scramble.

    """
    return _arranged(normals(count, dimensions(quarters), seed), quarters)


def draw_twice(quarters: int, count: int, seed: int) -> tuple[Draws, Draws]:
    """Draw two sets of courses that are independent of each other, evenly as one: what importance asks for.

    Two scrambles of the same points would not do: point by point they share their order.
    """
    size = dimensions(quarters)
    drawn = normals(count, 2 * size, seed)
    return _arranged(drawn[:, :size], quarters), _arranged(drawn[:, size:], quarters)


def dimensions(quarters: int) -> int:
    """How many numbers one course takes: one a level, and one a step of demand and of price."""
    return len(NAMES) + 2 * (quarters - 1)


def _arranged(drawn: Floats, quarters: int) -> Draws:
    """Courses from normals, shape (paths, dimensions): levels first, then in turn demand and price."""
    levels, count = len(NAMES), drawn.shape[0]
    found = Draws(np.empty((levels, count)), np.zeros((quarters, count)), np.zeros((quarters, count)))
    in_blocks(lambda start, end: _place(drawn[start:end], found, slice(start, end)), count, SLICE)
    return found


def _place(drawn: Floats, found: Draws, here: slice) -> None:
    """Put some courses in their place; few enough that their numbers are turned within a core's cache."""
    levels, rows = len(NAMES), np.ascontiguousarray(drawn.T)
    found.levels[:, here] = rows[:levels]
    if rows.shape[0] > levels:
        bridge(rows[levels::2], found.demand[:, here])
        bridge(rows[levels + 1 :: 2], found.price[:, here])


def stream(
    programme: Programme, count: int, seed: int, take: Callable[[int, int, Paths], None], threads: int = THREADS
) -> None:
    """Draw and run many courses block by block, and hand over what came of each: no more than a block is ever held.

    The courses are those of `draw`; blocks do not depend on the threads.

    Args:
        programme: what is run.
        count: paths, a power of two.
        seed: of the scramble.
        take: is given where the block starts and ends, and its paths; it may be called from several threads.
        threads: how many.

    Raises:
        ValueError: the count is no power of two.

    """
    if count < 1 or count & (count - 1):
        raise ValueError(f"{count} draws: expected a power of two")

    def block(start: int, end: int) -> None:
        """Draw one block, run it in this thread, and hand it over."""
        size = min(STREAMED, end - start)
        room = Draws(*(np.zeros((rows, size)) for rows in (len(NAMES), programme.quarters, programme.quarters)))
        for at, drawn in parts(start, end, dimensions(programme.quarters), seed, size):
            for here in range(0, size, SLICE):
                _place(drawn[here : here + SLICE], room, slice(here, min(here + SLICE, size)))
            take(at, at + size, simulate(programme, room, threads=1))

    in_blocks(block, count, BLOCK, threads)


def simulate(programme: Programme, draws: Draws, threads: int = THREADS) -> Paths:
    """Run a programme on each course.

    Raises:
        ValueError: the draws are of another horizon.

    """
    if draws.demand.shape[0] != programme.quarters:
        raise ValueError(f"draws of {draws.demand.shape[0]} quarters for a programme of {programme.quarters}")
    found = Paths(*(np.empty((programme.quarters, draws.count)) for _ in range(4)))
    levels = _levels(programme, draws)
    whole, alone = _Business.of(programme), _Business.of(programme.committed())
    steady = not any(one.committed for one in programme.vintages)
    without = alone.alone(programme) if steady else None

    def block(start: int, end: int) -> None:
        """Run one block, slice by slice, in the same few arrays."""
        room = _Room(programme.quarters, min(SLICE, end - start))
        for at in range(start, end, SLICE):
            here = slice(at, min(at + SLICE, end))
            room.to(here.stop - here.start)
            mine = {name: one[here] for name, one in levels.items()}
            _courses(programme, mine, draws, here, room)
            revenue, ebita, cash = (line[:, here] for line in (found.revenue, found.ebita, found.free_cash_flow))
            whole.flows(mine, room, revenue, ebita, cash)
            if without is not None:
                np.subtract(cash, without, out=found.cash[:, here])
            else:
                alone.flows(mine, room, room.a, room.b, found.cash[:, here])
                np.subtract(cash, found.cash[:, here], out=found.cash[:, here])

    in_blocks(block, draws.count, BLOCK, threads)
    return found


def _levels(programme: Programme, draws: Draws) -> dict[str, Floats]:
    """The level of each driver on each path; shape (paths,) each."""
    found = {}
    for name, normal in zip(NAMES, draws.levels, strict=True):
        centre, spread = getattr(programme.centre, name), getattr(programme.spread, name)
        moved = spread * normal
        found[name] = centre + moved if name in ADDED else centre * np.exp(moved)
    found["delay"] = np.maximum(found["delay"], 0.0)
    highest = max((one.productive_share for one in programme.vintages), default=1.0)
    found["productive_share"] = np.minimum(found["productive_share"], 1 / max(highest, TINY))
    return found


class _Room:
    """The arrays that one thread works in, taken once: shape (quarters, paths of a slice)."""

    def __init__(self, quarters: int, width: int) -> None:
        self._all = [np.empty(quarters * width) for _ in range(6)]
        self.quarters = quarters
        self.to(width)

    def to(self, width: int) -> None:
        """Take the shape of a slice of this many paths."""
        size = self.quarters * width
        shaped = (one[:size].reshape(self.quarters, width) for one in self._all)
        self.demand, self.price, self.a, self.b, self.c, self.d = shaped


def _courses(programme: Programme, levels: Mapping[str, Floats], draws: Draws, here: slice, room: _Room) -> None:
    """Fill demand in GPUs and the factor on price of one slice."""
    years = np.arange(programme.quarters)[:, np.newaxis] / QUARTERS_A_YEAR
    step = math.sqrt(1 / QUARTERS_A_YEAR)
    rate = levels["growth"] + (programme.growth - programme.volatility**2 / 2)
    np.multiply(draws.demand[:, here], programme.volatility * step, out=room.demand)
    room.demand += np.multiply(years, rate, out=room.a)
    np.exp(room.demand, out=room.demand)
    room.demand *= programme.demand * levels["demand"]
    if programme.price_volatility:
        moves = correlated(draws.demand[:, here], draws.price[:, here], programme.correlation)
        np.multiply(moves, programme.price_volatility * step, out=room.price)
    else:
        room.price[:] = 0.0
    room.price -= np.multiply(years, levels["erosion"] + programme.price_volatility**2 / 2, out=room.a)
    np.exp(room.price, out=room.price)
    room.price *= levels["price"]


@lru_cache(maxsize=64)
def _lines(programme: Programme, vintages: tuple[Vintage, ...], late: int) -> Mapping[str, Floats]:
    """Every line of the profiles of some vintages, shape (quarters, delays): on time, a quarter late, and so on.

    With delays the last one stands twice, so that there is always one to the right. Kept: levels do not change it.
    """
    new = [profile(programme, vintages, quarters) for quarters in range(late + 1)]
    names = [one.name for one in fields(Profile)]
    return {name: np.stack([getattr(one, name) for one in (*new, *new[-1:] * bool(late))], axis=1) for name in names}


@dataclass(frozen=True, slots=True)
class _Business:
    """What a business is made of: committed vintages, new ones by whole quarters of delay, and other segments."""

    programme: Programme
    mine: Mapping[str, Floats]
    new: Mapping[str, Floats]
    others: Mapping[str, Floats]

    @classmethod
    def of(cls, programme: Programme) -> "_Business":
        """Work out all profiles that the paths may need."""
        committed = [one for one in programme.vintages if one.committed]
        asked = [one for one in programme.vintages if not one.committed]
        late = programme.quarters if asked and (programme.spread.delay or programme.centre.delay) else 0
        rows = programme.others or (Other(0.0, 0.0),) * programme.quarters
        names = ("revenue", "ebita", "depreciation", "capex", "working_capital")
        others = {
            name: np.array([getattr(one, name) for one in rows], dtype=np.float64)[:, np.newaxis] for name in names
        }
        others["fees"] = np.array(programme.fees or (0.0,) * programme.quarters)[:, np.newaxis]
        plain = replace(programme, centre=Levels(), spread=STILL)
        return cls(programme, _lines(plain, tuple(committed), 0), _lines(plain, tuple(asked), late), others)

    def line(self, name: str, delay: Floats, factor: Floats | None = None) -> Floats:
        """One line of the profiles on these paths: shape (quarters, 1), or (quarters, paths) where delays differ."""
        mine, new = self.mine[name], self.new[name]
        if new.shape[1] > 1:
            whole = np.minimum(delay.astype(np.int64), new.shape[1] - 2)
            part = np.minimum(delay - whole, 1.0)
            new = new[:, whole] * (1 - part) + new[:, whole + 1] * part
        return np.asarray(mine + new if factor is None or not new.any() else mine + new * factor)

    def flows(self, levels: Mapping[str, Floats], room: _Room, revenue: Floats, ebita: Floats, cash: Floats) -> None:
        """Write revenue, EBITA and free cash flow of one slice, in place; demand and price stay as they are."""
        given, delay, load, work = self.programme, levels["delay"], room.c, room.d
        sellable = self.line("sellable", delay)
        np.multiply(room.demand, np.divide(1.0, sellable, out=np.zeros_like(sellable), where=sellable > 0), out=load)
        np.minimum(load, levels["productive_share"], out=load)
        np.multiply(load, self.line("revenue", delay), out=revenue)
        revenue *= room.price
        power = levels["power_price"]
        np.multiply(load, self.line("busy_power", delay), out=work)
        work += self.line("idle_power", delay)
        work *= power
        load *= self.line("variable_cost", delay)
        work += load
        work += np.multiply(self.line("opex", delay), levels["opex"], out=load)
        np.subtract(revenue, work, out=cash)
        cash += self.others["ebita"] - self.others["fees"]
        written_off = self.line("depreciation", delay, levels["capex"])
        np.subtract(cash, written_off, out=ebita)
        cash += self.others["depreciation"] - self.others["working_capital"]
        cash -= self.line("capex", np.zeros(1), levels["capex"]) + self.others["capex"]
        self._bound(revenue, cash, work)
        revenue += self.others["revenue"]
        if given.tax_rate:
            np.cumsum(ebita, axis=0, out=work)
            work -= given.losses
            np.maximum.accumulate(work, axis=0, out=work)
            np.maximum(work, 0.0, out=work)
            work *= given.tax_rate
            cash -= work
            cash[1:] += work[:-1]

    def _bound(self, revenue: Floats, cash: Floats, work: Floats) -> None:
        """Take what working capital binds anew from cash."""
        share, bound = self.programme.working_capital, self.programme.bound
        if share or bound:
            np.multiply(revenue, share, out=work)
            cash -= work
            cash[0] += bound
            cash[1:] += work[:-1]

    def alone(self, programme: Programme) -> Floats:
        """Free cash flow of a business without vintages, the same on every path: shape (quarters, 1)."""
        room = _Room(programme.quarters, 1)
        room.demand[:], room.price[:] = 0.0, 1.0
        levels = {name: np.full(1, getattr(programme.centre, name)) for name in NAMES}
        cash = np.empty((programme.quarters, 1))
        self.flows(levels, room, room.a, room.b, cash)
        return cash
