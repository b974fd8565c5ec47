"""What a programme may become: the same run on many courses of demand, price and levels, drawn evenly.

Demand and price are geometric Brownian motions from quarter 0, correlated; each level stands at its centre, give or
take its spread. All of it is drawn once and used for every question, so that two programmes, or one with a driver
moved, differ by what was changed and by nothing else. Wrong when a spread is a guess that nobody reviews, and when
demand jumps. A vintage with a trigger is ordered on some courses only, see `programme_orders`.

A programme whose demand is certain has one course only:

>>> from hardgate.models.programme import HOURS_PER_QUARTER, Vintage
>>> from hardgate.models.programme_run import run
>>> one = Vintage("first", spend=0, amount=1000, lead=1, life=2, gpus=100, price=10 / HOURS_PER_QUARTER)
>>> certain = Programme((one,), quarters=3, demand=500)
>>> found = simulate(certain, draw(3, 64, seed=7))
>>> bool(np.allclose(found.cash, run(certain).cash[:, np.newaxis]))
True

Source: METHODS 11; Black & Scholes (1973) for the motion, whose mean grows as stated.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardgate.models.draw import THREADS, bridge, in_blocks, normals, parts
from hardgate.models.programme import ADDED, NAMES, QUARTERS_A_YEAR, Programme
from hardgate.models.programme_books import Books, Business, alone
from hardgate.models.programme_orders import Flags, groups, ordered

Floats = NDArray[np.float64]

TINY = 1e-300
SLICE = 1 << 13  # paths that are drawn or run at a time: the rows of a quarter lie in a core's second-level cache
STRIP = 1 << 8  # paths whose numbers are turned at a time: they lie in the first-level cache
BLOCK = 1 << 14  # paths that one thread takes


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
    """Put some courses in their place."""
    levels, rows = len(NAMES), np.empty((drawn.shape[1], drawn.shape[0]))
    for at in range(0, drawn.shape[0], STRIP):
        rows[:, at : at + STRIP] = drawn[at : at + STRIP].T
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
        size = min(SLICE, end - start)
        room = Draws(*(np.zeros((rows, size)) for rows in (len(NAMES), programme.quarters, programme.quarters)))
        for at, drawn in parts(start, end, dimensions(programme.quarters), seed, size):
            _place(drawn, room, slice(0, size))
            take(at, at + size, simulate(programme, room, threads=1))

    in_blocks(block, count, BLOCK, threads)


def simulate(programme: Programme, draws: Draws, threads: int = THREADS) -> Paths:
    """Run a programme on each course.

    Raises:
        ValueError: the draws are of another horizon.

    """
    if draws.demand.shape[0] != programme.quarters:
        raise ValueError(f"draws of {draws.demand.shape[0]} quarters for a programme of {programme.quarters}")
    levels = _levels(programme, draws)
    return (_decided if programme.decides else _run)(programme, draws, levels, threads)


def _run(programme: Programme, draws: Draws, levels: Mapping[str, Floats], threads: int) -> Paths:
    """Run a programme whose vintages all go."""
    found = Paths(*(np.empty((programme.quarters, draws.count)) for _ in range(4)))
    whole, rest = Business.of(programme), Business.of(programme.committed())
    without = None if any(one.committed for one in programme.vintages) else alone(rest.programme)

    def block(start: int, end: int) -> None:
        """Run one block slice by slice, each quarter by quarter."""
        for at in range(start, end, SLICE):
            here = slice(at, min(at + SLICE, end))
            mine = {name: one[here] for name, one in levels.items()}
            course = _Course(programme, mine, here.stop - here.start)
            books, other = (Books(one, mine, here.stop - here.start) for one in (whole, rest))
            spare = np.empty((2, here.stop - here.start))
            for quarter in range(programme.quarters):
                demand, price = course.at(quarter, draws.demand[quarter, here], draws.price[quarter, here])
                flow, adds = found.free_cash_flow[quarter, here], found.cash[quarter, here]
                books.close(quarter, demand, price, found.revenue[quarter, here], found.ebita[quarter, here], flow)
                if without is None:
                    other.close(quarter, demand, price, spare[0], spare[1], adds)
                    np.subtract(flow, adds, out=adds)
                else:
                    np.subtract(flow, without[quarter], out=adds)

    in_blocks(block, draws.count, BLOCK, threads)
    return found


def orders(programme: Programme, draws: Draws) -> Flags:
    """Which vintages are ordered on each course, shape (vintages, paths)."""
    return _orders(programme, draws, _levels(programme, draws))


def _orders(programme: Programme, draws: Draws, levels: Mapping[str, Floats]) -> Flags:
    course = _Course(programme, levels, draws.count)
    return ordered(programme, lambda quarter: course.at(quarter, draws.demand[quarter], draws.price[quarter])[0])


def _decided(programme: Programme, draws: Draws, levels: Mapping[str, Floats], threads: int) -> Paths:
    """Run the courses on which the same vintages are ordered together, each set as a programme of its own."""
    found = Paths(*(np.empty((programme.quarters, draws.count)) for _ in range(4)))
    for one, here in groups(programme, _orders(programme, draws, levels)):
        mine = Draws(draws.levels[:, here], draws.demand[:, here], draws.price[:, here])
        came = _run(one, mine, {name: level[here] for name, level in levels.items()}, threads)
        for name in ("revenue", "ebita", "free_cash_flow", "cash"):
            getattr(found, name)[:, here] = getattr(came, name)
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


class _Course:
    """Demand in GPUs and the factor on price, quarter by quarter, of some paths; in the same two rows."""

    def __init__(self, programme: Programme, levels: Mapping[str, Floats], width: int) -> None:
        step = math.sqrt(1 / QUARTERS_A_YEAR)
        self._start, self._level = programme.demand * levels["demand"], levels["price"]
        self._growth = (levels["growth"] + (programme.growth - programme.volatility**2 / 2)) / QUARTERS_A_YEAR
        self._fall = (levels["erosion"] + programme.price_volatility**2 / 2) / QUARTERS_A_YEAR
        self._swing, self._price_swing = programme.volatility * step, programme.price_volatility * step
        self._shared = self._price_swing * programme.correlation
        self._own = self._price_swing * math.sqrt(1 - programme.correlation**2)
        self._demand, self._price, self._work = (np.empty(width) for _ in range(3))

    def at(self, quarter: int, moves: Floats, own: Floats) -> tuple[Floats, Floats]:
        """Return demand and the factor on price of a quarter, whose standard moves are given; shape (paths,)."""
        demand, price, work = self._demand, self._price, self._work
        np.multiply(moves, self._swing, out=demand)
        demand += np.multiply(self._growth, quarter, out=work)
        np.exp(demand, out=demand)
        demand *= self._start
        np.multiply(self._fall, -quarter, out=price)
        if self._price_swing:
            price += np.multiply(moves, self._shared, out=work)
            price += np.multiply(own, self._own, out=work)
        np.exp(price, out=price)
        price *= self._level
        return demand, price
