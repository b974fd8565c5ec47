"""What ordering a tranche now is worth at the hurdle rate, over its amount: margin of what demand uses, less owning it.

Demand grows as estimated and moves as unsteadily; each GPU that it uses above the position earns the margin, each GPU
costs its capital at the hurdle rate and its fixed cost. The interval is drawn through the ends of margin and demand.
Wrong when the tranche is a product of its own and does not stand on the position: see the trigger.

Source: METHODS 3; Black & Scholes 1973 for the value of what demand uses above a level.

>>> metric.formula(50.0, 1_000.0)
0.05
"""

from dataclasses import dataclass, replace
from math import log

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.capacity_position import metric as capacity_position
from hardgate.metrics.columns import share
from hardgate.metrics.contribution_margin import metric as contribution_margin
from hardgate.metrics.demand import metric as demand
from hardgate.metrics.demand_growth import metric as demand_growth
from hardgate.metrics.economic_trigger import horizon
from hardgate.metrics.ownership_cost import life_months, owned, price_per_gpu
from hardgate.metrics.planned import Planned, meant
from hardgate.metrics.tranche_margin import in_money
from hardgate.metrics.tranche_margin import margin as tranche_margin
from hardgate.metrics.volatility import metric as volatility

INPUTS = (demand, capacity_position, demand_growth, volatility, contribution_margin)


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
        """Return the net present value of ordering now: what the right is worth, less what waiting is worth more."""
        from hardgate.models.trigger import economic

        lead = self.planned.lead_months
        found = economic(
            self.demand, self.position, self.planned.gpus, lead, self.growth, self.volatility, log(1 + self.rate),
            self.margin, self.own, horizon_months=horizon(lead, self.life), life_months=self.life,
        )  # fmt: skip
        return found.value - max(found.value_of_waiting, 0.0)


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
    corners = [
        replace(order, demand=gpus, margin=earned).value() if gpus is not None and earned is not None else None
        for gpus, earned in ((asked.low, margin.low), (asked.high, margin.high))
    ]
    ends = [None if one is None else round(share(one, amount), metric.digits) for one in corners]
    worth = order.value()
    return Reading(
        metric.name, scope, asked.window, metric.unit, round(share(worth, amount), metric.digits), ends[0], ends[1],
        facts=(
            ("value_of_ordering", round(worth, 2)), ("amount", round(amount, 2)),
            *((one.metric, one.value) for one in inputs if one.value is not None),
        ),
        missing=asked.missing,
        gaps=asked.gaps,
        status=Status.weakest(one.status for one in inputs),
        sql=asked.sql,
        batches=tuple(sorted({batch for one in inputs for batch in one.batches} | set(evidence.batches("tranche")))),
        because=f"at a hurdle of {100 * order.rate:.1f} % a year",
        says=in_money(evidence, margin, order.own),
    )  # fmt: skip


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
