"""Where demand of each pool may go in a year, with how often such intervals have held what came.

Theta on logarithms, under two years a damped trend; spreads are multiplied by one factor that an origin held out asked
for, pooled over pools. Coverage and score are of forecasts up to three months ahead from every origin with 15 months
before it; the score of carrying the last month on stands beside. Wrong after a break: nothing of it is in the past.

Source: METHODS 16; Gneiting & Raftery 2007 for the score.

>>> exhibit.question
'Where may demand go, and how far can that be trusted?'
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.demand import months

HORIZON, CHECKED, FIRST = 12, 3, 15
PATHS, SEED = 1 << 10, 16
PLACE = ("region", "accelerator", "pool")


def build(evidence: Evidence) -> Table:
    """Build one row a pool with enough months of demand."""
    end = evidence.last_complete("pool_day") + timedelta(days=1)
    series = {
        scope["pool"]: [round(gpus, 6) for _, gpus in months(evidence, scope, end)] for scope in evidence.scopes(PLACE)
    }
    able = {pool: one for pool, one in series.items() if len(one) >= FIRST + CHECKED and min(one) > 0}
    if not able:
        few = f"no pool with {FIRST + CHECKED} complete months of demand"
        return Table("", missing=f"{few}: bring workload_allocations or pool_usage of earlier months")
    inputs = {"series": able, "confidence": evidence.confidence, "horizon": HORIZON, "checked": CHECKED}
    found = evidence.kept("forecast", inputs, lambda: forecast(able, evidence.confidence))
    rows = [_row(pool, len(able[pool]), able[pool][-1], one) for pool, one in found["pools"].items()]
    return Table(
        sentence=_sentence(found, evidence.confidence),
        headings=(
            Heading("pool"), Heading("months", "", 0), Heading("last month", "GPUs", 0),
            *(Heading(f"in {ahead} months {end}", "GPUs", 0) for ahead in (3, 12) for end in ("low", "middle", "high")),
            Heading("forecasts checked", "", 0), Heading("inside their interval of forecasts", "share", 0),
            Heading("score of demand", "share", 2), Heading("score of the last month carried on", "share", 2),
        ),
        rows=tuple(rows),
        notes=(
            f"spreads are multiplied by {found['factor']:.2f}, pooled over {len(able)} pools from one origin held out",
            *(f"{pool}: {len(one)} complete months, at least {FIRST + CHECKED} are needed"
              for pool, one in series.items() if pool not in able),
        ),
        batches=evidence.batches("pool_day"),
    )  # fmt: skip


def forecast(series: Mapping[str, list[float]], confidence: float) -> dict[str, Any]:
    """Return the forecasts of some pools with their check, as plain JSON."""
    import numpy as np

    from hardgate.models import forecast as model

    factor = model.pooled_factor(list(series.values()), CHECKED, confidence)
    ends = (1 - confidence) / 2, 0.5, (1 + confidence) / 2
    pools = {}
    for pool, one in series.items():
        ahead = model.paths(one, HORIZON, PATHS, SEED, factor)
        fans = np.quantile(ahead[[2, HORIZON - 1]], ends, axis=1).T
        checked = model.check(one, CHECKED, FIRST, spread_factor=factor, confidence=confidence)
        pools[pool] = {
            "fans": [round(float(value), 3) for fan in fans for value in fan],
            "check": None if checked is None else [checked.count, checked.coverage, checked.score, checked.naive],
        }
    return {"factor": factor, "pools": pools}


def _row(pool: str, count: int, last: float, one: Mapping[str, Any]) -> tuple[Cell, ...]:
    checked = one["check"] or [0, None, None, None]
    scores = [None if value is None else round(value, 4) for value in checked[1:]]
    return (pool, count, round(last, 1), *one["fans"], checked[0], *scores)


def _sentence(found: Mapping[str, Any], confidence: float) -> str:
    checks = [one["check"] for one in found["pools"].values() if one["check"]]
    count = sum(one[0] for one in checks)
    inside = sum(one[0] * one[1] for one in checks) / count
    better = sum(one[2] < one[3] for one in checks)
    return (
        f"Of {count} forecasts of past months {100 * inside:.0f} % lay in their {100 * confidence:.0f} % interval; "
        f"they beat the last month carried on in {better} of {len(checks)} pools."
    )


exhibit = Exhibit(
    name="outlook.forecast",
    question="Where may demand go, and how far can that be trusted?",
    build=build,
)
