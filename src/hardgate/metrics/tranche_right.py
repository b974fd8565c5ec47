"""What the right to order a tranche is worth, beside ordering it today and a quarter later: kept once worked out.

All three are of the value that capacity.tranche is judged on: the same margin, cost of owning, hurdle rate and demand,
and the same last month whenever the order is placed, so that a later order earns for that much shorter. Keeping the
right pays the cancel fee that is due today, as every option but going now does in outlook.shift. Beside stands the
right whose order lives its whole life whenever it is placed, as that of an operator who builds again and again. Wrong
when waiting loses customers for good.

Source: METHODS 2 and 3; Longstaff & Schwartz 2001; McDonald & Siegel 1986.

>>> OPEN_YEARS, LATER
(2.0, 3)
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hardgate.core.terms import Evidence
from hardgate.metrics.next_block import Case

if TYPE_CHECKING:
    from hardgate.models.optimal_stop import Motion
    from hardgate.models.tranche import Tranche

Floats = NDArray[np.float64]
Use = Callable[[Floats, int], Floats]
"""What ordering gives at some demand in a month from today."""

OPEN_YEARS = 2.0
"""For how long the right to order is taken to be open."""
STAGES = 2
LATER = 3
"""Months by which a quarter later is later."""
PATHS, SEED = 1 << 11, 2
FINE = 4
"""Steps of the lattice a month: orders fall once a month, demand moves in between."""


def waiting(evidence: Evidence, one: Case) -> dict[str, Any]:
    """Return what waiting with a tranche, and building it in stages, is worth, as plain JSON."""
    inputs = {"case": asdict(one), "years": OPEN_YEARS, "stages": STAGES, "later": LATER, "fine": FINE, "seed": SEED}
    kept: dict[str, Any] = evidence.kept("waiting", inputs, lambda: waited(one))
    return kept


def waited(one: Case) -> dict[str, Any]:
    """Return the value of ordering now, a quarter later, and of keeping the right, and of stages.

    A tranche earns on demand above the position below it, so two halves are two rights on the same demand. Each half
    that is kept back pays its part of the cancel fee.
    """
    from hardgate.models import real_option

    motion, steps = one.motion(), round(12 * OPEN_YEARS)
    right = real_option.Right(one.demand, 1.0, OPEN_YEARS, one.discount, one.growth, motion.volatility)

    whole = one.order()
    use = ending(whole, motion)
    parts = [one.order(at / STAGES, 1 / STAGES) for at in range(STAGES)]
    stages = [real_option.lattice(right, FINE * steps, monthly(ending(part, motion))) for part in parts]
    kept, fees = real_option.lattice(right, FINE * steps, monthly(use)), [one.fee / STAGES] * STAGES
    renewed = real_option.lattice(right, FINE * steps, monthly(lambda demand, _: use(demand, 0)))
    simulated, error = _simulated(one, motion, use, steps)
    multiple = (
        real_option.hurdle_multiple(one.discount, one.growth, motion.volatility) if one.growth < one.discount else None
    )
    best = [max(part.now, part.value - fee) for part, fee in zip(stages, fees, strict=True)]
    return {
        "now": kept.now, "right": kept.value - one.fee, "waiting": kept.value - one.fee - kept.now,
        "build_now": kept.now > 0 and kept.now >= (kept.value - one.fee) * (1 - 1e-12),
        "later": later(whole, motion, one.demand) - one.fee, "fee": one.fee,
        "renewed": renewed.value - one.fee, "simulated": simulated - one.fee, "error": error, "staged": sum(best),
        "first_now": stages[0].now > 0 and stages[0].now >= stages[0].value - fees[0], "multiple": multiple,
    }  # fmt: skip


def ending(order: "Tranche", motion: "Motion") -> Use:
    """Return what ordering gives in a month from today, where what is ordered later has that much less to live."""

    def use(demand: Floats, month: int) -> Floats:
        left = order.life_months - month
        found: Floats = order.value_if_ordered(demand, motion)[left - 1] if left > 0 else np.zeros_like(demand)
        return found

    return use


def monthly(use: Use) -> Use:
    """Return an order that may be placed at the start of a month only, by the step of the lattice."""

    def at(demand: Floats, step: int) -> Floats:
        month, between = divmod(step, FINE)
        return np.full_like(demand, -np.inf) if between else use(demand, month)

    return at


def later(order: "Tranche", motion: "Motion", demand: float) -> float:
    """Return what ordering a quarter later, whatever comes, is worth today before any fee.

    >>> from hardgate.models.optimal_stop import Motion
    >>> from hardgate.models.tranche import Tranche
    >>> round(later(Tranche(90, 20, 0, 5, 1e-9, 30, 10), Motion(0.0, 0.0), 100.0))
    200
    """
    from dataclasses import replace

    if order.life_months <= LATER:
        return 0.0
    shifted = replace(order, lead_months=order.lead_months + LATER, life_months=order.life_months - LATER)
    return float(shifted.value_if_ordered(np.array([demand]), motion)[-1, 0])


def _simulated(one: Case, motion: "Motion", use: Use, steps: int) -> tuple[float, float]:
    """Return the right by least squares, and its standard error."""
    from hardgate.models import real_option
    from hardgate.models.draw import bridge, normals

    walk = np.empty((steps + 1, PATHS))
    bridge(np.ascontiguousarray(normals(PATHS, steps, SEED).T), walk)
    moves = motion.volatility * np.sqrt(1 / 12) * walk[1:]
    drift = motion.drift / 12 * np.arange(1, steps + 1)[:, np.newaxis]
    states = one.demand * np.exp(drift + moves)
    found, error = real_option.least_squares(
        lambda state, date: use(state, date + 1), states, one.discount, OPEN_YEARS, scale=one.position, degree=4
    )
    return max(found, float(use(np.array([one.demand]), 0)[0])), error
