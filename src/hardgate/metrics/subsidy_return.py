"""What one unit of subsidy brings that would not have come without it, from holdouts by city, zone or block of time.

The change of the clusters that got it, less the change of those that did not, over the subsidy that they got more. Each
cluster is one observation; the interval is Student's t over clusters. Wrong when customers cross from one cluster into
another, and silent where nothing was held out: retention under a subsidy is not retention without it.

Source: METHODS 9, "Subsidy"; Donald & Lang 2007 for few clusters.

>>> metric.formula(180.0, 300.0)
0.6
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.city_days import asked
from hardgate.metrics.columns import cells, share
from hardgate.metrics.reporting_currency import converted

BRING = "bring geo_tests: outcome and subsidy by cluster and day, before and during a holdout"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the incremental contribution of a unit of subsidy over the tests of a scope."""
    rows = evidence.rows("geo_test_day", EVERYTHING, Window(evidence.as_of.min, window.end))
    city = scope.as_mapping().get("city")
    mine = [one in {None, city} or city is None for one in cells(rows, "city")]
    given, outcome = (converted(evidence, rows, name) for name in ("subsidy", "outcome"))
    gaps = (*given.gaps, *outcome.gaps)
    if not any(mine):
        return nothing(metric, scope, window, f"no holdout of a subsidy in {scope}", BRING)
    flags = {name: cells(rows, name) for name in ("treated", "running", "cluster", "test")}
    if gaps or any(None in flags[name] for name in ("treated", "running")):
        return nothing(metric, scope, window, "; ".join(gaps) or "treated or running is not known", BRING)
    records = [
        (str(flags["test"][i]), str(flags["cluster"][i]), bool(flags["treated"][i]), bool(flags["running"][i]),
         float(outcome.amounts[i] or 0), float(given.amounts[i] or 0))
        for i in range(rows.count)
        if mine[i]
    ]  # fmt: skip
    return _read(evidence, scope, window, records)


def _read(evidence: Evidence, scope: Scope, window: Window, records: Sequence[tuple[Any, ...]]) -> Reading:
    from hardgate.models import geo_test

    changes = _changes(records)
    treated = np.array([one[0] for one in changes], dtype=np.bool_)
    brought = geo_test.difference(np.array([one[1] for one in changes]), treated, evidence.confidence)
    cost = np.array([one[2] for one in changes])
    more = float(cost[treated].mean() - cost[~treated].mean()) if treated.any() and not treated.all() else 0.0
    if brought is None or more <= 0:
        with_, without = int(treated.sum()), int((~treated).sum())
        why = f"{with_} clusters with and {without} without the subsidy, at least 2 of each are needed"
        return nothing(metric, scope, window, why, BRING)
    value, low, high = (round(one / more, metric.digits) for one in (brought.value, brought.low, brought.high))
    return Reading(
        metric.name, scope, window, metric.unit, value, low, high,
        facts=(("contribution_a_day", round(brought.value, 2)), ("subsidy_a_day", round(more, 2)),
               ("clusters", float(brought.clusters)), ("p_of_assignments", round(brought.p, 4))),
        status=metric.status,
        sql=asked(metric, scope, window),
        batches=evidence.batches("geo_test_day"),
        because=f"{brought.clusters} clusters; {100 * brought.p:.1f} % of all assignments would show as much",
    )  # fmt: skip


def _changes(records: Sequence[tuple[Any, ...]]) -> list[tuple[bool, float, float]]:
    """Return of each cluster whether it was treated, and how outcome and subsidy changed when the test began.

    A cluster without a day before is left out where others have some: its level is no change.
    """
    groups: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for one in sorted(records):
        groups.setdefault((one[0], one[1]), []).append(one)
    found = []
    held_before = {test for (test, _), rows in groups.items() if any(not row[3] for row in rows)}
    for (test, _), rows in groups.items():
        during = [row for row in rows if row[3]]
        before = [row for row in rows if not row[3]]
        if during and (before or test not in held_before):
            outcome, subsidy = (
                float(np.mean([row[i] for row in during]))
                - (float(np.mean([row[i] for row in before])) if before else 0.0)
                for i in (4, 5)
            )
            found.append((bool(during[0][2]), outcome, subsidy))
    return found


metric = Metric(
    name="subsidy_return",
    meaning="contribution that a unit of subsidy brought and that would not have come without it",
    unit="x",
    better=Better.HIGHER,
    denominator="subsidy that the treated clusters got more",
    digits=3,
    facts=(Fact("geo_test_day", "outcome"), Fact("geo_test_day", "subsidy")),
    formula=share,
    compute=compute,
    interval="model",
    status=Status.MEASURED,
)
