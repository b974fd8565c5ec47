"""The demand over position at which ordering the next tranche is worth more than waiting.

An exact stopping problem on demand: margin of what demand uses of the tranche, cost of owning all of it. The interval
is drawn through the corners of margin and volatility, both at the declared confidence; growth is taken as estimated.
Infinite where the margin does not cover the cost of owning at any demand. Wrong where growth fades or jumps.

Source: METHODS 3; Dixit & Pindyck 1994; Bar-Ilan & Strange 1996 for the lag.

>>> metric.denominator
'GPUs of the capacity position'
"""

from dataclasses import dataclass, replace
from math import ceil, inf, isfinite

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.capacity_position import metric as capacity_position
from hardgate.metrics.contribution_margin import metric as contribution_margin
from hardgate.metrics.demand import metric as demand
from hardgate.metrics.demand_growth import metric as demand_growth
from hardgate.metrics.ownership_cost import life_months
from hardgate.metrics.ownership_cost import metric as ownership_cost
from hardgate.metrics.planned import meant
from hardgate.metrics.tranche_margin import PRICE, in_money
from hardgate.metrics.tranche_margin import margin as tranche_margin
from hardgate.metrics.volatility import metric as volatility

INPUTS = (demand_growth, volatility, contribution_margin, ownership_cost, demand, capacity_position)


@dataclass(frozen=True, slots=True)
class Question:
    """One tranche and what it is up against: all that the stopping problem needs, money in the reporting currency."""

    demand: float
    position: float
    tranche: float
    lead_months: float
    growth: float
    volatility: float
    discount: float
    margin: float
    own: float
    shortage_penalty: float
    life_months: int

    def ratio(self) -> float:
        """Return the trigger alone."""
        return self.solve()[0]

    def solve(self) -> tuple[float, float, float, float, float]:
        """Return the trigger, its 90 % indifference set, the value of waiting, and the value of the right."""
        from hardgate.models import trigger

        found = trigger.economic(
            self.demand, self.position, self.tranche, self.lead_months, self.growth, self.volatility, self.discount,
            self.margin, self.own, self.shortage_penalty,
            horizon_months=horizon(self.lead_months, self.life_months), life_months=self.life_months,
        )  # fmt: skip
        return found.ratio, found.low, found.high, found.value_of_waiting, found.value


def horizon(lead_months: float, life_months: int) -> int:
    """Return how far to look: until a tranche ordered now has lived its life, so that lead times compare.

    A later order earns until the same month. With 12 months of lead and 48 of life it is the 60 months of METHODS 3.
    """
    return ceil(lead_months) + life_months


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the economic trigger of the tranche that a scope means."""
    planned, rate = meant(evidence, scope), evidence.assumption("discount_rate", scope)
    if planned is None or rate is None:
        found = f"no tranche in {scope}" if planned is None else "no discount_rate"
        bring = "bring capacity_plan, or an ask with gpus" if planned is None else "set it under assumptions"
        return nothing(metric, scope, window, found, bring)
    inputs = {one.name: evidence.reading(one, scope, window) for one in INPUTS}
    inputs[contribution_margin.name] = tranche_margin(evidence, scope, window)
    unknown = [one for one in inputs.values() if one.high is None and one.low is None]
    margin, position = inputs["contribution_margin"], inputs["capacity_position"]
    if unknown or margin.high is None or not position.value:
        why = "; ".join(f"{one.metric}: {one.because}" for one in unknown) or f"no capacity position in {scope}"
        return replace(nothing(metric, scope, window, why, "see its own evidence"), because=why)
    return at(evidence, scope, window, inputs, planned.gpus, planned.lead_months, rate.value)


def at(  # noqa: PLR0913  the question and what it is asked of
    evidence: Evidence,
    scope: Scope,
    window: Window,
    inputs: dict[str, Reading],
    tranche: float,
    lead_months: float,
    discount: float,
    *,
    interval: bool = True,
) -> Reading:
    """Read the trigger of a tranche of some size and lead time from its inputs, with its interval or without."""
    moves, margin = inputs["volatility"], inputs["contribution_margin"]
    penalty = evidence.assumption("shortage_penalty", scope)
    question = Question(
        demand=inputs["demand"].value or inputs["demand"].low or 0.0,
        position=inputs["capacity_position"].value or 0.0,
        tranche=tranche,
        lead_months=lead_months,
        growth=inputs["demand_growth"].value or 0.0,
        volatility=moves.value or 0.0,
        discount=discount,
        margin=margin.value if margin.value is not None else margin.high or 0.0,
        own=inputs["ownership_cost"].value or 0.0,
        shortage_penalty=penalty.value if penalty else 0.0,
        life_months=life_months(evidence, scope),
    )
    value, start, end, waiting, worth = question.solve()
    known = margin.value is not None
    corners = _corners(question, moves, margin, [value] if known else []) if interval else (value, value)
    low, high = (None if one is None else round(one, metric.digits) for one in corners)
    facts = [(name, one.value) for name, one in inputs.items() if one.value is not None]
    facts += [("tranche_gpus", tranche), ("lead_months", round(lead_months, 2))]
    if known:
        stakes = (("indifferent_from", start), ("indifferent_to", end), ("value_of_waiting", waiting), ("value", worth))
        facts += [(name, round(one, 4)) for name, one in stakes if isfinite(one)]
    return Reading(
        metric.name, scope, window, metric.unit, round(value, metric.digits) if known else None, low, high,
        facts=tuple(facts),
        gaps=margin.gaps if not known else (),
        missing=0.0 if known else 1.0,
        status=Status.weakest(one.status for one in inputs.values()),
        sql=";\n".join(dict.fromkeys(one.sql for one in inputs.values() if one.sql)),
        batches=tuple(sorted({batch for one in inputs.values() for batch in one.batches})),
        because=_because(value, margin),
        says=in_money(evidence, margin, question.own) if known else "",
    )  # fmt: skip


def _corners(question: Question, moves: Reading, margin: Reading, middle: list[float]) -> tuple[float, float | None]:
    """Return the lowest and highest trigger that margin and volatility allow; no highest without a lowest margin."""
    volatilities = [one for one in (moves.low, moves.high) if one is not None]

    def over(amount: float | None) -> list[float]:
        return [replace(question, volatility=one, margin=amount).ratio() for one in volatilities if amount is not None]

    best, worst = over(margin.high), over(margin.low)
    return min([*best, *worst, *middle], default=inf), max([*worst, *best, *middle]) if worst else None


def _because(value: float, margin: Reading) -> str:
    if margin.value is None:
        return f"contribution_margin: {margin.because}"
    said = [margin.because] if PRICE in dict(margin.facts) else []
    said += [] if isfinite(value) else ["the margin does not cover the cost of owning at any demand"]
    return "; ".join(said)


metric = Metric(
    name="economic_trigger",
    meaning="demand over position at which ordering is worth more than waiting",
    unit="share",
    better=Better.NEITHER,
    denominator="GPUs of the capacity position",
    facts=(Fact("pool_day", "allocated_gpu_ms"), Fact("pool_day", "queued_gpu_ms"), Fact("inventory", "gpus")),
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
