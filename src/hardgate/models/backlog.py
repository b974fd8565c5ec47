"""Signed demand against the revenue that a tranche needs: how much of it is covered, and by how few customers.

Coverage counts what a customer must pay, less a haircut for the chance that it does not, and one name at most up to a
cap. Wrong when a contract can be ended or moved (count what cannot), when the same commitment is pledged to two
tranches (`allocate_commitments` gives each its own), and when the GPUs cannot serve it in its window.

Five customers against a need of 800: covered 1.12 times, but with no name above a quarter only .90 times.

>>> amounts, haircuts = [450, 200, 150, 100, 100], [0.9, 0.95, 0.95, 0.8, 0.8]
>>> f"{coverage(amounts, haircuts, 800):.3f} {coverage(amounts, haircuts, 800, cap=0.25):.3f}"
'1.122 0.897'

Sources: the revenue needed is a levelized price (Brealey, Myers & Allen, Principles of Corporate Finance, equivalent
annual cost); concentration is Herfindahl-Hirschman's index, from 0 to 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hardgate.core.days import Window

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Concentration:
    """How few names the backlog hangs on: squared shares summed, and the shares of the largest and the five largest."""

    hhi: float
    top1: float
    top5: float


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a customer must pay over its term, evenly by day."""

    customer: str
    term: Window
    amount: float


@dataclass(frozen=True, slots=True)
class PlannedTranche:
    """What a tranche can serve in its window, evenly by day, and the day it is committed to."""

    name: str
    committed: date
    window: Window
    amount: float


def coverage(amounts: ArrayLike, haircuts: ArrayLike, need: float, cap: float | None = None) -> float:
    """The committed amounts after haircuts, over the revenue needed.

    Args:
        amounts: what each customer must pay in the period, shape (customers,).
        haircuts: the share of each that counts, from 0 to 1, shape (customers,).
        need: the revenue needed in the period.
        cap: the most of all amounts that one customer may count for, before its haircut; None for no cap.

    Raises:
        ValueError: the shapes differ, an amount is negative, a haircut is not a share or nothing is needed.

    """
    committed, counted = _amounts(amounts), np.asarray(haircuts, dtype=np.float64)
    if counted.shape != committed.shape or not ((counted >= 0) & (counted <= 1)).all():
        raise ValueError(f"haircuts {counted} of {committed.size} amounts: expected one share from 0 to 1 each")
    if not need > 0:
        raise ValueError(f"a need of {need}: expected a positive revenue to cover")
    if cap is not None:
        committed = np.minimum(committed, cap * committed.sum())
    return float(counted @ committed / need)


def concentration(amounts: ArrayLike) -> Concentration | None:
    """How few customers the amounts come from; None when there are none.

    >>> found = concentration([450, 200, 150, 100, 100])
    >>> f"{found.hhi:.3f} {found.top1:.2f} {found.top5:.2f}"
    '0.285 0.45 1.00'

    Raises:
        ValueError: an amount is negative or missing.

    """
    committed = _amounts(amounts)
    if committed.sum() == 0:
        return None
    shares = np.sort(committed / committed.sum())[::-1]
    return Concentration(float(shares @ shares), float(shares[0]), float(shares[:5].sum()))


def revenue_needed(
    capex: float,
    operating_cost_per_month: float,
    rate: float,
    months: int,
    live_after_months: float = 0,
    ramp: Sequence[float] = (),
    residual: float = 0.0,
) -> float:
    """The revenue per month at full load that makes the tranche's net present value zero at the hurdle rate.

    Capital is spent today; revenue comes in and operating cost goes out at the end of every month of its life.

    Args:
        capex: spent today.
        operating_cost_per_month: from the first live month, whatever the load.
        rate: the hurdle rate, effective per year.
        months: of life.
        live_after_months: from today to live.
        ramp: the share of full load in the first months; afterwards the load is full.
        residual: what it is worth at the end of its life.

    Raises:
        ValueError: no month of life, a rate of -100 % or less, or a ramp without any load.

    """
    load = np.ones(max(months, 0))
    load[: len(ramp)] = ramp[:months]
    if not load.sum() > 0 or not rate > -1:
        raise ValueError(f"rate {rate}, {months} months, ramp {ramp}: expected a rate above -1 and a month with load")
    present = (1 + rate) ** (-(live_after_months + np.arange(1, months + 1)) / 12)
    spent = capex + operating_cost_per_month * present.sum() - residual * present[-1]
    return float(spent / (load @ present))


def allocate_commitments(commitments: Sequence[Commitment], tranches: Sequence[PlannedTranche]) -> Floats:
    """Pledge every commitment day by day to at most one tranche, the earliest committed first, ties by name.

    A tranche takes only what falls in its window, and on no day more than it can serve; what it cannot serve in full it
    takes from all customers in proportion, and leaves the rest to the next.

    Returns:
        amounts, shape (tranches, commitments), in the order given; a column sums to its commitment at most.

    """
    spans = [commitment.term for commitment in commitments] + [tranche.window for tranche in tranches]
    edges = sorted({edge for span in spans for edge in (span.start, span.end)})
    pieces = [Window(start, end) for start, end in pairwise(edges)]
    free = np.array([_spread(each.amount, each.term, pieces) for each in commitments])
    free = free.reshape(len(commitments), len(pieces))
    pledged = np.zeros((len(tranches), len(commitments)))
    for i in sorted(range(len(tranches)), key=lambda i: (tranches[i].committed, tranches[i].name)):
        serves = _spread(tranches[i].amount, tranches[i].window, pieces)
        asked = free.sum(axis=0)
        taken = free * np.divide(serves, asked, out=np.ones_like(asked), where=asked > serves)
        pledged[i] = taken.sum(axis=1)
        free -= taken
    return pledged


def _spread(amount: float, over: Window, pieces: Sequence[Window]) -> Floats:
    """What of an amount, even by day, falls in each piece; a piece lies wholly in the window or outside."""
    if over.days <= 0 or not amount >= 0:
        raise ValueError(f"{amount} over {over.days} days: expected no negative amount, and at least one day")
    inside = [piece.days if over.start <= piece.start and piece.end <= over.end else 0 for piece in pieces]
    return np.array(inside, dtype=np.float64) * (amount / over.days)


def _amounts(amounts: ArrayLike) -> Floats:
    committed = np.asarray(amounts, dtype=np.float64)
    if committed.ndim != 1 or not (np.isfinite(committed) & (committed >= 0)).all():
        raise ValueError(f"amounts {committed}: expected one a customer, none negative or missing")
    return committed
