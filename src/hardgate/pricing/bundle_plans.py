"""The plans of a bundle: today's list, and the best prices of components, of one bundle, of all bundles and for doubt.

Each is priced on what segments said and judged over draws of what they might pay. Wrong when a segment is not one.

Source: Hanson & Martin 1990; METHODS 6.

>>> PLANS
('today', 'components', 'one bundle', 'mixed', 'for doubt')
"""

from collections.abc import Sequence
from typing import Any

from hardgate.pricing.bundle_market import DRAWS, SEARCHED

PLANS = ("today", "components", "one bundle", "mixed", "for doubt")


def solve(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the plans with their prices, choices, revenue and profit, over draws as well."""
    import numpy as np

    from hardgate.models.bundle import Segment, at_prices, best_components, best_mixed, best_pure, bundles_of, profits
    from hardgate.models.bundle_doubt import best_over

    sizes, products = inputs["sizes"], len(inputs["floors"])
    segments = [Segment(size, tuple(row)) for size, row in zip(sizes, inputs["values"], strict=True)]
    costs, floors, needs = inputs["costs"], inputs["floors"], inputs["gpu_hours"]
    names = bundles_of(products)
    terms: dict[str, Any] = {"needs": needs, "capacity": inputs["capacity"], "products": products}
    listed = [sum(inputs["prices"][i] for i in one) for one in names]
    plans = {
        "today": at_prices(segments, costs, listed, products=products),
        "components": best_components(segments, costs, floors, **terms),
        "one bundle": best_pure(segments, costs, floors, **terms),
        "mixed": best_mixed(segments, costs, floors, **terms),
    }
    spent, least, hours = ([sum(each[i] for i in one) for one in names] for each in (costs, floors, needs))
    # Priced on some draws and judged on others.
    values, others = (_drawn(inputs, names, inputs["seed"] + at, draws) for at, draws in enumerate((DRAWS, SEARCHED)))
    starts = [one.prices for one in plans.values()]
    doubted = best_over(
        others, sizes, spent, starts, bundles=names, floors=least, needs=hours, capacity=inputs["capacity"]
    )
    plans["for doubt"] = at_prices(segments, costs, [round(one, 4) for one in doubted], products=products)
    told: dict[str, Any] = {}
    for name, plan in plans.items():
        drawn = profits(values, sizes, spent, plan.prices)
        told[name] = {
            "prices": [None if one is None else round(one, 4) for one in plan.prices],
            "choices": list(plan.choices), "profit": round(plan.profit, 2), "revenue": round(plan.revenue, 2),
            "mean": round(float(drawn.mean()), 2), "low": round(float(np.quantile(drawn, 0.05)), 2),
            "high": round(float(np.quantile(drawn, 0.95)), 2),
        }  # fmt: skip
    paid = [
        [0.0 if at is None else plans[name].prices[at] or 0.0 for at in plans[name].choices]
        for name in ("today", "mixed")
    ]
    change = [round(n * (new - old), 6) for n, old, new in zip(sizes, *paid, strict=True)]
    told["eaten"] = {
        "lost": abs(sum(one for one in change if one < 0)),
        "gained": sum(one for one in change if one > 0),
    }
    told["bundles"] = [list(one) for one in names]
    return told


def _drawn(inputs: dict[str, Any], names: Sequence[Sequence[int]], seed: int, draws: int) -> Any:  # noqa: ANN401  an array
    """Return what segments would pay for every bundle, shape (draws, segments, bundles)."""
    import numpy as np

    noise = np.random.default_rng(seed).normal(size=(draws, len(inputs["values"]), len(inputs["floors"])))
    single = np.maximum(np.array(inputs["values"]) + noise * np.array(inputs["deviations"]), 0.0)
    return np.stack([single[..., list(one)].sum(axis=-1) for one in names], axis=-1)
