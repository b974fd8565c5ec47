"""Sales by customer, product, pool and month, as a billing system exports them; hours are those that pods held."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import add_months
from hardgate.sample.calendar import STEP, Span
from hardgate.sample.draft import Draft
from hardgate.sample.files import write_csv
from hardgate.sample.holding import Pods
from hardgate.sample.kubernetes_pods import kind_of
from hardgate.sample.operator import CUSTOMERS, Pool

HEAD = ("month_end", "customer_id", "sku", "site", "card", "gpu_hours", "revenue_net", "cost_to_serve", "ccy")
PRODUCTS = {"train": "gpu-reserved", "batch": "gpu-on-demand", "infer": "inference-endpoint"}

_PREMIUM = {"train": 0.95, "batch": 1.0, "infer": 1.08}
_EROSION = 0.08


def write_sales(draft: Draft, pools: Mapping[str, tuple[Pool, Pods]]) -> Path:
    """Write the sales of every finished month."""
    span, rows = draft.span, []
    for pool, pods in pools.values():
        random = draft.draws("sales", pool.name)
        held = hours_held(pods, span)
        for at, month in enumerate(span.months()):
            if add_months(month, 1) > span.as_of:
                continue
            last_day = add_months(month, 1) - timedelta(days=1)
            age = (span.as_of - month).days / 365.25
            for (customer, kind), hours in held[at].items():
                price = pool.accelerator.price_per_hour * _PREMIUM[kind] * float(np.exp(_EROSION * age))
                net = hours * price * (1 - CUSTOMERS[customer].discount)
                cost = hours * pool.accelerator.variable_per_hour * float(random.normal(1.0, 0.02))
                amounts = (f"{draft.terms.in_currency(pool, amount):.2f}" for amount in (net, cost))
                place = (pool.region.upper(), pool.accelerator.name)
                names = (last_day.isoformat(), CUSTOMERS[customer].account, PRODUCTS[kind])
                rows.append((*names, *place, f"{hours:.3f}", *amounts, pool.currency))
    return write_csv(draft.data / "sales.csv", HEAD, sorted(rows))


def hours_held(pods: Pods, span: Span) -> list[dict[tuple[int, str], float]]:
    """Return the GPU-hours of each month by customer and kind of work; those with none are left out."""
    ran = pods.started >= 0
    started, width = pods.started[ran], pods.width[ran]
    ended = np.where(pods.ended[ran] < 0, span.steps * STEP, pods.ended[ran])
    kinds = [kind_of(int(wide)) for wide in np.unique(width)]
    group = pods.customer[ran] * 100 + np.searchsorted(np.unique(width), width)
    found: list[dict[tuple[int, str], float]] = []
    for month in span.months():
        first, last = (span.step_of(day) * STEP for day in (month, add_months(month, 1)))
        seconds = np.maximum(0, np.minimum(ended, last) - np.maximum(started, first)) * width
        found.append(_by_group(group, seconds, kinds))
    return found


def _by_group(group: NDArray[np.int64], seconds: NDArray[np.int64], kinds: list[str]) -> dict[tuple[int, str], float]:
    out: dict[tuple[int, str], float] = {}
    totals = np.bincount(group, weights=seconds)
    for at in np.flatnonzero(totals).tolist():
        key = (at // 100, kinds[at % 100])
        out[key] = out.get(key, 0.0) + float(totals[at]) / 3600
    return out
