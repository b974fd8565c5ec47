"""Sixty accounts of one region and two segments, some of which took up AI features: something in every rollup of adoption.

Everything is drawn from one seed. Adopting lifts base revenue by a tenth; half of those with a template get there fast.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeAlias

import numpy as np

from hardgate.core.days import add_months
from hardgate.core.terms import Rows, Scope
from tests.capacity import world as capacity
from tests.evidence import rows_of

TODAY = capacity.TODAY
START = date(2024, 3, 1)
MONTHS = 30
USED_FROM = date(2025, 3, 1)
SCOPE = Scope.of(region="north", accelerator="H20", pool="a", tranche="hall-4", segment="growth", feature="chat")
ASSUMPTIONS = {"architecture_cost.rag": 50_000.0}
ACCOUNT = (
    "day", "account", "region", "segment", "eligible_from", "eligible_to", "access_granted", "architecture", "offer",
    "offered_on",
)  # fmt: skip
FEATURE = ("day", "account", "feature", "rung", "events", "paid_events", "trial_events")
REVENUE = ("day", "account", "product", "feature", "currency", "amount", "variable_cost", "gpu_ms")
Lines: TypeAlias = list[tuple[Any, ...]]
OPPORTUNITY = (
    "day", "opportunity", "account", "kind", "region", "segment", "product", "closed_on", "stage", "amount", "hours",
    "cost", "currency",
)  # fmt: skip


def operator(accounts: int = 60, effect: float = 0.10, seed: int = 1) -> Mapping[str, Rows]:
    rng = np.random.default_rng(seed)
    people: Lines = []
    uses: Lines = []
    paid: Lines = []
    for at in range(accounts):
        name, segment = f"k{at:03d}", "growth" if at % 3 else "startup"
        access = USED_FROM + timedelta(days=int(rng.integers(0, 500)))
        template = "rag" if at % 2 else None
        begun = access + timedelta(days=int(rng.integers(5, 20) if template else rng.integers(30, 90)))
        begins = rng.random() < 0.8 and begun < TODAY
        people.append((START, name, "north", segment, START, None, access, template, None, None))
        last = TODAY if at % 7 else min(TODAY, begun + timedelta(days=150))
        if access < TODAY:
            uses += [(access, name, "chat", "inference", 3, 0, 3)]
        if begins:
            uses += [
                (begun + timedelta(days=d), name, "chat", "inference", 5, 5, 0)
                for d in range(0, (last - begun).days, 5)
            ]
            deeper = begun + timedelta(days=60)
            if at % 2:
                uses += [
                    (deeper + timedelta(days=d), name, "chat", "dataset", 2, 2, 0)
                    for d in range(0, (last - deeper).days, 7)
                ]
            if at % 4 == 1:
                uses += [
                    (deeper + timedelta(days=d), name, "own-model", "customization", 1, 1, 0)
                    for d in range(9, (last - deeper).days, 14)
                ]
        level, slope = 9 + rng.normal(0, 0.3), rng.normal(0.01, 0.005)
        noise = rng.normal(0, 0.02, MONTHS)
        for i in range(MONTHS):
            month = add_months(START, i)
            on = begins and month >= begun.replace(day=1)
            base = float(np.exp(level + slope * i + noise[i] + np.log1p(effect) * on))
            paid.append((month, name, "gpu", None, "RMB", round(base, 2), round(base / 2, 2), None))
            if on and (at % 7 or month < last):
                paid.append(
                    (month, name, "gpu", "chat", "RMB", round(base / 5, 2), round(base / 10, 2), int(base * 40_000))
                )
    daily: Lines = [
        (USED_FROM + timedelta(days=d), "k000", "chat", "inference", 0, 0, 0) for d in range((TODAY - USED_FROM).days)
    ]
    deals: Lines = [_deal(at, rng) for at in range(220)]
    return {
        "account": _rows(ACCOUNT, people),
        "feature_usage_day": _rows(FEATURE, _summed([*daily, *uses])),
        "revenue_month": _rows(REVENUE, paid),
        "opportunity": _rows(OPPORTUNITY, deals),
    }


def _deal(at: int, rng: np.random.Generator) -> tuple[Any, ...]:
    kind = "new" if at % 2 else "expansion"
    opened = date(2025, 9, 1) + timedelta(days=at * 8 // 5)
    won = rng.random() < (0.9 if kind == "new" else 0.5)
    segment = "growth" if at % 8 < 6 else "startup"
    amount, hours = (90_000, 50.0) if kind == "new" else (20_000, 30.0)
    return (
        opened, f"o{at:03d}", None, kind, "north", segment, "gpu", opened + timedelta(days=30), "won" if won else "lost",
        amount, hours + at % 5, 500 if kind == "new" else None, "RMB",
    )  # fmt: skip


def _summed(uses: Lines) -> Lines:
    found: dict[tuple[Any, ...], list[int]] = {}
    for day, *place, events, charged, tried in uses:
        if day < TODAY:
            sums = found.setdefault((day, *place), [0, 0, 0])
            for i, one in enumerate((events, charged, tried)):
                sums[i] += one
    return [(*key, *sums) for key, sums in sorted(found.items())]


def _rows(names: tuple[str, ...], lines: Lines) -> Rows:
    return rows_of([dict(zip(names, line, strict=True)) for line in lines], names)


TABLES = operator()
