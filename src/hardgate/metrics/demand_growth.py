"""How fast demand grows, annual and continuously compounded, with its interval.

Read from complete months of demand, at least twelve, back to the first that is not known. Wrong when a full pool cut
demand off and nobody counted who was turned away: then growth is that of the capacity.

Source: METHODS 3; Campbell, Lo & MacKinlay 1997 for growth and volatility of a geometric Brownian motion.

>>> metric.unit
'share'
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import BRING, nothing
from hardgate.metrics.demand import months
from hardgate.metrics.ratio import sql

FEWEST_MONTHS = 12


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the growth of demand."""
    return of_months(evidence, scope, window, metric)


def of_months(evidence: Evidence, scope: Scope, window: Window, which: Metric) -> Reading:
    """Read the growth or the volatility of demand from its complete months."""
    from hardgate.models.demand import growth_and_volatility

    series = months(evidence, scope, window.end)
    if len(series) < FEWEST_MONTHS:
        few = f"{len(series)} complete months of demand in {scope}, at least {FEWEST_MONTHS} are needed"
        return nothing(which, scope, window, few, BRING["allocated_gpu_ms"])
    known = growth_and_volatility([gpus for _, gpus in series], evidence.confidence)
    if known is None:
        return nothing(which, scope, window, f"a month without any demand in {scope}", BRING["allocated_gpu_ms"])
    growth = which.name == metric.name
    found = (known.growth, known.growth_low, known.growth_high) if growth else (known.volatility, known.low, known.high)
    value, low, high = (round(float(one), which.digits) for one in found)
    span = Window(series[0][0], window.end)
    first, last = (round(gpus, 3) for _, gpus in (series[0], series[-1]))
    return Reading(
        which.name, scope, span, which.unit,
        value, low, high,
        facts=(("months", float(len(series))), ("first_month_gpus", first), ("last_month_gpus", last)),
        status=which.status,
        sql=sql(which, scope, span),
        batches=evidence.batches("pool_day", span),
        because=f"{len(series)} months of demand",
    )  # fmt: skip


metric = Metric(
    name="demand_growth",
    meaning="growth of demand a year, continuously compounded",
    unit="share",
    better=Better.NEITHER,
    denominator="demand, a year",
    facts=(Fact("pool_day", "allocated_gpu_ms"), Fact("pool_day", "queued_gpu_ms")),
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
