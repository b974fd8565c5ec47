"""What ordering a tranche now is worth at the hurdle rate, over its amount: margin of what demand uses, less owning it.

Demand grows as estimated and moves as unsteadily; each GPU that it uses above the position earns the margin, each GPU
costs its capital at the hurdle rate and its fixed cost. The interval adds up what demand and the margin each move the
value by at the ends of their own intervals, as independent doubts: the root of the sum of squares. Held still are the
cost of owning, position, dates, hurdle rate, and growth and volatility, whose own effects are facts beside it
(`growth_moves_down`): a case is judged at the growth that it is made with, and `outlook.measure_next` says what knowing
that growth is worth. Wrong when those doubts come together, and when the tranche is a product of its own and does not
stand on the position: see the trigger.

Source: METHODS 3; Black & Scholes 1973 for the value of what demand uses above a level; ISO/IEC Guide 98-3 (GUM) for
doubts that add up as squares.

>>> metric.formula(50.0, 1_000.0)
0.05
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot, log
from typing import TYPE_CHECKING, Any

from hardgate.core.days import Window
from hardgate.core.percent import percent
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.capacity_position import metric as capacity_position
from hardgate.metrics.columns import share
from hardgate.metrics.contribution_margin import metric as contribution_margin
from hardgate.metrics.demand import metric as demand
from hardgate.metrics.demand_growth import metric as demand_growth
from hardgate.metrics.ownership_cost import life_months, owned, price_per_gpu
from hardgate.metrics.planned import Planned, meant
from hardgate.metrics.tranche_margin import in_money
from hardgate.metrics.tranche_margin import margin as tranche_margin
from hardgate.metrics.volatility import metric as volatility

if TYPE_CHECKING:  # the mathematics is imported where it is used
    from hardgate.models.optimal_stop import Motion
    from hardgate.models.tranche import Tranche

INPUTS = (demand, capacity_position, demand_growth, volatility, contribution_margin)
MOVED = {"demand": 0, "margin": 4}
"""What the interval moves, and which input it is."""
BESIDE = {"growth": 2, "volatility": 3}
"""What is held still in the interval, and told beside it."""
STEADIEST, LEAST = 0.02, 1e-9
"""The least volatility and demand that the closed form is asked for, as in the trigger."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order and what it meets; money in the reporting currency."""

    planned: Planned
    demand: float
    position: float
    growth: float
    volatility: float
    margin: float
    own: float
    rate: float
    life: int

    def value(self) -> float:
        """Return the net present value of ordering now."""
        from hardgate.models.optimal_stop import Motion
        from hardgate.models.tranche import Tranche

        order = Tranche(
            self.position, self.planned.gpus, self.planned.lead_months, self.life, log(1 + self.rate), self.margin,
            self.own,
        )  # fmt: skip
        return ordering(self.demand, Motion(self.growth, max(self.volatility, STEADIEST)), order)


def ordering(demand: float, motion: "Motion", order: "Tranche") -> float:
    """Return the net present value of ordering a tranche now: the value that all exhibits of a tranche share."""
    import numpy as np

    return float(order.value_if_ordered(np.array([max(demand, LEAST)]), motion)[-1, 0])


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the value of ordering the tranche that a scope means, over its amount."""
    planned, hurdle = meant(evidence, scope), evidence.assumption("hurdle_rate", scope)
    price = None if planned is None else price_per_gpu(evidence, planned, evidence.as_of)
    if planned is None or hurdle is None or not price:
        found = f"no tranche in {scope}" if planned is None else "no hurdle_rate" if hurdle is None else "no amount"
        return nothing(metric, scope, window, found, "bring capacity_plan with amounts, and set hurdle_rate")
    own = owned(evidence, scope, window, planned, hurdle.value)
    inputs = [
        *(evidence.reading(one, scope, window) for one in INPUTS[:-1]),
        tranche_margin(evidence, scope, window),
        own,
    ]
    lacking = [one for one in inputs if one.value is None or one.low is None]
    if lacking:
        why = "; ".join(f"{one.metric}: {one.because}" for one in lacking)
        return replace(nothing(metric, scope, window, why, "see its own evidence"), because=why)
    if not inputs[1].value:
        return nothing(metric, scope, window, f"no capacity position in {scope}", "bring capacity")
    asked, position, growth, moves, margin, _ = (one.value or 0.0 for one in inputs)
    life = life_months(evidence, scope)
    order = Order(planned, asked, position, growth, moves, margin, own.value or 0.0, hurdle.value, life)
    return _read(evidence, scope, order, inputs, price * planned.gpus)


def _read(evidence: Evidence, scope: Scope, order: Order, inputs: list[Reading], amount: float) -> Reading:
    asked, margin = inputs[0], inputs[4]
    worth = order.value()
    effects = {name: _effect(order, name, inputs[at], worth) for name, at in (MOVED | BESIDE).items()}
    down, up = zip(*(effects[name] for name in MOVED), strict=True)
    ends = [
        None if away is None else round(share(worth + away, amount), metric.digits)
        for away in (_together(down, -1), _together(up, 1))
    ]
    return Reading(
        metric.name, scope, asked.window, metric.unit, round(share(worth, amount), metric.digits), ends[0], ends[1],
        facts=(
            ("value_of_ordering", round(worth, 2)), ("amount", round(amount, 2)),
            *((one.metric, one.value) for one in inputs if one.value is not None),
            *((f"{name}_moves_down", round(low, 2)) for name, (low, _) in effects.items() if low is not None),
            *((f"{name}_moves_up", round(high, 2)) for name, (_, high) in effects.items() if high is not None),
        ),
        missing=asked.missing,
        gaps=asked.gaps,
        status=Status.weakest(one.status for one in inputs),
        sql=asked.sql,
        batches=tuple(sorted({batch for one in inputs for batch in one.batches} | set(evidence.batches("tranche")))),
        because=f"at a hurdle of {100 * order.rate:.1f} % a year; {_beside(effects['growth'], amount)}",
        says=in_money(evidence, margin, order.own),
    )  # fmt: skip


def _beside(growth: tuple[float | None, float | None], amount: float) -> str:
    """Say what the end of growth's interval, which is held still here, would take away."""
    if growth[0] is None:
        return "growth is held still, and has no lower end"
    return f"growth is held still: its lower end takes {percent(growth[0] / amount, 1)} of the amount away"


def _together(moves: Sequence[float | None], side: int) -> float | None:
    """Return how far independent doubts bring the value to one side; None where one of them has no end there."""
    known = [one for one in moves if one is not None]
    return side * hypot(*known) if len(known) == len(moves) else None


def _effect(order: Order, name: str, reading: Reading, worth: float) -> tuple[float | None, float | None]:
    """Return how far the ends of one input's interval bring the value down and up; None where that end is open."""
    changes: Any = [None if end is None else {name: end} for end in (reading.low, reading.high)]
    ends = [None if one is None else replace(order, **one).value() - worth for one in changes]
    moves = [one for one in ends if one is not None]
    down, up = max([0.0, *(-one for one in moves)]), max([0.0, *moves])
    if name == "volatility":  # it may move the value either way: neither end is known where one is open
        return (None, None) if None in ends else (down, up)
    return (None if ends[0] is None else down), (None if ends[1] is None else up)


metric = Metric(
    name="tranche_value",
    meaning="value of ordering now at the hurdle rate, of the tranche's amount",
    unit="share",
    better=Better.HIGHER,
    denominator="amount of the tranche",
    facts=(Fact("pool_day", "allocated_gpu_ms"), Fact("pool_day", "queued_gpu_ms"), Fact("inventory", "gpus")),
    formula=share,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
