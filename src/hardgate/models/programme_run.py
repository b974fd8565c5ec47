"""One course of a programme and its business, quarter by quarter: the run that ties to a sheet worked out by hand.

Demand fills what can be sold, at prices that erode; what is earned is taxed beyond the losses carried forward; working
capital is a share of revenue. What the programme adds is the whole less what the business would do without the vintages
that are not committed to. Wrong when vintages serve demands of their own, or when interest matters.

>>> from hardgate.models.programme import HOURS_PER_QUARTER
>>> vintage = Vintage("first", spend=0, amount=1000, lead=1, life=2, gpus=100, price=10 / HOURS_PER_QUARTER)
>>> found = run(Programme((vintage,), quarters=3, demand=500))
>>> found.revenue.round(2).tolist(), found.ebita.round(2).tolist(), found.free_cash_flow.round(2).tolist()
([0.0, 1000.0, 1000.0], [0.0, 500.0, 500.0], [-1000.0, 1000.0, 1000.0])

Source: METHODS 11; ordinary corporate finance. Adjusted EBITA is before interest, tax and amortization of what was
acquired with companies.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hardgate.models.programme import QUARTERS_A_YEAR, Other, Profile, Programme, Vintage, profile
from hardgate.models.programme_orders import groups, ordered

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Run:
    """One course of a programme and its business, by quarter; each line has shape (quarters,).

    `cash` is what the programme adds to free cash flow. `free_cash_flow` is `operating_cash_flow` less `capex`.
    """

    demand: Floats
    sellable: Floats
    sold: Floats
    revenue: Floats
    variable_cost: Floats
    power: Floats
    opex: Floats
    fees: Floats
    depreciation: Floats
    ebita: Floats
    tax: Floats
    working_capital: Floats
    operating_cash_flow: Floats
    capex: Floats
    free_cash_flow: Floats
    cash: Floats

    @property
    def margin(self) -> Floats:
        """Adjusted EBITA over revenue; nan in a quarter without revenue."""
        return np.divide(self.ebita, self.revenue, out=np.full_like(self.ebita, np.nan), where=self.revenue > 0)


def _late(programme: Programme, vintages: Sequence[Vintage], delay: float) -> Profile:
    """The profile between those of the whole quarters before and after a delay."""
    before, part = int(delay), delay - int(delay)
    found = profile(programme, vintages, before)
    if not part:
        return found
    after = profile(programme, vintages, before + 1)
    names = [one.name for one in fields(Profile)]
    return Profile(**{name: (1 - part) * getattr(found, name) + part * getattr(after, name) for name in names})


def run(programme: Programme, demand: ArrayLike = 1.0, price: ArrayLike = 1.0) -> Run:
    """The programme on one course, at the centre of its levels.

    Args:
        programme: a part of a quarter of `centre.delay` lies between the whole ones.
        demand: factors on demand, shape (quarters,), or one.
        price: factors on price, shape (quarters,), or one.

    Raises:
        ValueError: the delay is negative.

    """
    course = np.asarray(demand, dtype=np.float64), np.asarray(price, dtype=np.float64)
    if programme.decides:
        wanted = np.broadcast_to(_wanted(programme, course[0]), (programme.quarters,))
        ((programme, _),) = groups(programme, ordered(programme, lambda quarter: wanted[quarter : quarter + 1]))
    whole, alone = _run(programme, *course), _run(programme.committed(), *course)
    return replace(whole, cash=whole.free_cash_flow - alone.free_cash_flow)


def _wanted(programme: Programme, demand: Floats) -> Floats:
    """GPUs in demand by quarter at the centre of the levels, times the factors of a course."""
    at, years = programme.centre, np.arange(programme.quarters) / QUARTERS_A_YEAR
    found: Floats = programme.demand * at.demand * np.exp((programme.growth + at.growth) * years) * demand
    return found


def _run(programme: Programme, demand: Floats, price: Floats) -> Run:
    at = programme.centre
    if at.delay < 0:
        raise ValueError(f"a delay of {at.delay} quarters: expected none before time")
    mine = profile(programme, [one for one in programme.vintages if one.committed])
    new = _late(programme, [one for one in programme.vintages if not one.committed], at.delay)
    years = np.arange(programme.quarters) / QUARTERS_A_YEAR
    wanted = _wanted(programme, demand)
    sellable = mine.sellable + new.sellable
    load = np.minimum(np.divide(wanted, sellable, out=np.zeros_like(wanted), where=sellable > 0), at.productive_share)
    rest = _others(programme)
    sold = load * (mine.revenue + new.revenue) * at.price * np.exp(-at.erosion * years) * price
    variable = load * (mine.variable_cost + new.variable_cost)
    power = at.power_price * (load * (mine.busy_power + new.busy_power) + mine.idle_power + new.idle_power)
    opex = at.opex * (mine.opex + new.opex)
    fees = np.asarray(programme.fees, dtype=np.float64) if programme.fees else np.zeros(programme.quarters)
    written_off = mine.depreciation + at.capex * new.depreciation
    ebita = sold - variable - power - opex - fees - written_off + rest.ebita
    tax = taxed(ebita, programme.tax_rate, programme.losses)
    bound = np.diff(programme.working_capital * sold, prepend=programme.bound) + rest.working_capital
    operating = ebita + written_off + rest.depreciation - tax - bound
    spent = mine.capex + at.capex * new.capex + rest.capex
    return Run(
        wanted, sellable, load * sellable, sold + rest.revenue, variable, power, opex, fees,
        written_off + rest.depreciation, ebita, tax, bound, operating, spent, operating - spent, operating - spent,
    )  # fmt: skip


def taxed(ebita: Floats, rate: float, losses: float = 0.0) -> Floats:
    """The tax of each quarter: on what profit exceeds the losses carried forward; shape as given, quarters first.

    What has been taxed so far is the highest that profit, added up from the losses, has ever stood above nothing.

    >>> taxed(np.array([-100.0, 60.0, 90.0, -20.0, 30.0]), 0.25).tolist()
    [0.0, 0.0, 12.5, 0.0, 2.5]
    """
    reached = np.maximum(np.maximum.accumulate(np.cumsum(ebita, axis=0) - losses, axis=0), 0.0)
    return rate * np.diff(reached, axis=0, prepend=0.0)


@dataclass(frozen=True, slots=True)
class Others:
    """All other segments, line by line; shape (quarters,)."""

    revenue: Floats
    ebita: Floats
    depreciation: Floats
    capex: Floats
    working_capital: Floats


def _others(programme: Programme) -> Others:
    rows = programme.others or (Other(0.0, 0.0),) * programme.quarters
    names = [one.name for one in fields(Others)]
    return Others(**{name: np.array([getattr(one, name) for one in rows], dtype=np.float64) for name in names})
