"""How far what a pool will bring stands above what it is carried at: recoverable less carrying amount, over carrying.

Value in use is what the pool's committed vintages bring before tax over the rest of their lives, at the discount rate,
on simulated courses of its own demand, which grows and moves as the pool's own does where that can be read; the
carrying amount is that of the asset register at the end of the last month.
The interval holds nine tenths of the courses. Wrong when the pool could be sold for more than it brings: fair value
less costs of disposal is not known here.

Source: METHODS 11; IAS 36 for recoverable amount and value in use.

>>> metric.formula(120.0, 100.0)
0.2
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from math import exp
from typing import TYPE_CHECKING, Any

from hardgate.core.days import Window, month_of
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.columns import dates
from hardgate.metrics.demand_growth import metric as demand_growth
from hardgate.metrics.programme_model import Assembled, assemble, names, own_drivers
from hardgate.metrics.programme_outcome import SEED, a_quarter, fan
from hardgate.metrics.reporting_currency import converted
from hardgate.metrics.volatility import metric as volatility

if TYPE_CHECKING:
    from hardgate.models.programme import Programme

PATHS = 1 << 11
BRING = "bring asset_register and programmes with the pool's live halls"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the headroom of the pool, or of the only pool, of a scope."""
    place = scope.narrowed(("region", "accelerator", "pool"))
    carried, day, gaps = carrying(evidence, place)
    if carried is None or not carried:
        why = "; ".join(gaps) or f"no carrying amount of {place}"
        return nothing(metric, scope, window, why, BRING)
    made = [assemble(evidence, name) for name in names(evidence)]
    mine = [(one, found) for one in made if (found := pool_alone(evidence, one, place, window)) is not None]
    rate = evidence.assumption("discount_rate", scope)
    if len(mine) != 1 or rate is None:
        lacking = "; ".join(one.because for one in made if one.because) or f"no live vintage of {place}"
        return nothing(metric, scope, window, lacking if rate else "no discount_rate", BRING)
    one, programme = mine[0]
    inputs = {"programme": asdict(programme), "rate": rate.value, "carrying": carried, "seed": SEED, "paths": PATHS}
    kept = evidence.kept("impairment", inputs, lambda: valued(programme, exp(rate.value) - 1, carried))
    low, value, high = (round((kept[key] - carried) / carried, metric.digits) for key in ("low", "mean", "high"))
    facts = [("recoverable", kept["mean"]), ("carrying", round(carried, 2)), ("p_impairment", kept["p"])]
    facts += [(key, kept[key]) for key in ("share_now", "reachable", "starts_at") if kept[key] is not None]
    return Reading(
        metric.name, scope, window, metric.unit, value, min(low, value), max(high, value),
        facts=tuple(facts),
        status=Status.weakest((one.status, Status.DERIVED)),
        batches=tuple(sorted({*one.batches, *evidence.batches("asset_month")})),
        because=f"carried at the end of {day:%Y-%m}" if day else "",
    )  # fmt: skip


def carrying(evidence: Evidence, place: Scope) -> tuple[float | None, date | None, tuple[str, ...]]:
    """Return what the register carries a place at, at the end of its last whole month, in the reporting currency."""
    rows = evidence.rows("asset_month", place)
    days = [day for day in dates(rows, "day") if day is not None and day < month_of(evidence.as_of)]
    if not days:
        return None, None, ()
    last = max(days)
    rows = evidence.rows("asset_month", place, Window(last, month_of(evidence.as_of)))
    money = converted(evidence, rows, "carrying_amount")
    total: Decimal | None = money.total
    return (None if total is None else float(total)), last, money.gaps


def pool_alone(evidence: Evidence, found: Assembled, place: Scope, window: Window) -> "Programme | None":
    """Return a pool's committed vintages as a business of their own, before tax; None where there are none."""
    if found.programme is None or "pool" not in place:
        return None
    whole = found.programme
    mine = [one for one in whole.vintages if one.committed and found.pools.get(one.name) == place["pool"]]
    lived = [one for one in mine if one.live + one.life > 0]
    if not lived:
        return None
    own, _ = own_drivers(evidence, place, window)
    if "demand" not in own or "productive_share" not in own:
        return None
    share = min(own["productive_share"].value, 1.0)
    growth, moves = (evidence.reading(one, place, window).value for one in (demand_growth, volatility))
    return replace(
        whole,
        vintages=tuple(replace(one, productive_share=share) for one in lived),
        quarters=max(one.live + one.life for one in lived),
        demand=own["demand"].value,
        growth=whole.growth if growth is None else growth,
        volatility=whole.volatility if moves is None else moves,
        tax_rate=0.0, working_capital=0.0, bound=0.0, losses=0.0, others=(), fees=(),
    )  # fmt: skip


def valued(programme: "Programme", rate: float, carried: float) -> Mapping[str, Any]:
    """Return value in use over the courses, P(impairment), and the productive share at which impairment starts."""
    from hardgate.models import flip
    from hardgate.models.cash_flow import npv
    from hardgate.models.programme_paths import draw, simulate

    drawn = draw(programme.quarters, PATHS, SEED)
    spent = replace(programme, vintages=tuple(replace(one, spend=min(one.spend, -1), lead=one.live - min(one.spend, -1))
                                              for one in programme.vintages))  # fmt: skip

    def worth(level: float) -> Any:  # noqa: ANN401  an array
        found = simulate(spent.moved(productive_share=level), drawn)
        return npv(found.free_cash_flow, a_quarter(rate))

    now = worth(1.0)
    share = max(one.productive_share for one in programme.vintages)
    live = sum(one.gpus for one in programme.vintages)
    driver = flip.Driver("productive_share", 1.0, 1.0, 0.0, 0.0, 1 / share)
    (turned,) = flip.nearest(lambda at, _: bool(worth(at["productive_share"]).mean() >= carried), [driver], None)
    ends = fan(now)
    return {
        "mean": round(float(now.mean()), 2), "low": ends[0], "high": ends[-1],
        "p": round(float((now < carried).mean()), 6),
        "share_now": round(min(share, programme.demand / live), 6), "reachable": round(share, 6),
        "starts_at": None if turned.at is None else round(share * turned.at, 6),
    }  # fmt: skip


def _headroom(recoverable: float, carried: float) -> float:
    return (recoverable - carried) / carried


metric = Metric(
    name="impairment_headroom",
    meaning="recoverable less carrying amount, of the carrying amount",
    unit="share",
    better=Better.HIGHER,
    denominator="carrying amount",
    facts=(Fact("asset_month", "carrying_amount"), Fact("vintage", "amount")),
    formula=_headroom,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
