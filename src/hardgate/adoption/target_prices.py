"""What a GPU-hour is worth in each region to those who are asked to use more of them: nothing where some are free.

Where requests for GPUs are known it is the region's shadow price: what one GPU more would earn for an hour, over its
pools by GPUs. Else it is what a used hour earns where the region is full. Wrong when accounts of a region run in one of
its pools alone: then the price of that pool is theirs.

Source: METHODS 7 and 8: one shadow price, read by all who take GPU-hours.

>>> a_used_hour(0.9, 730.0), a_used_hour(0.6, 730.0)
(1.0, 0.0)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hardgate.core.days import Window, window_ending
from hardgate.core.terms import Evidence, Scope
from hardgate.metrics.allocated_utilization import metric as allocated_utilization
from hardgate.metrics.columns import HOURS_PER_MONTH
from hardgate.metrics.contribution_margin import metric as contribution_margin
from hardgate.metrics.shadow_price import metric as shadow_price

FULL = 0.85
"""Allocated of available above which a GPU-hour has to be taken from somebody (METHODS 1)."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a GPU-hour is worth by region, in the reporting currency, and what was taken for it."""

    by_region: dict[str, float]
    notes: tuple[str, ...]
    batches: tuple[str, ...]


def prices(evidence: Evidence, regions: Sequence[str], end: date) -> Prices:
    """Return what a GPU-hour is worth in each region as of a day."""
    window = window_ending("8w", end)
    found: dict[str, float] = {}
    batches: set[str] = set()
    notes, priced = [], []
    for region in regions:
        scarce = evidence.reading(shadow_price, Scope.of(region=region), window)
        if scarce.value is not None:
            found[region] = max(scarce.value, 0.0)
            batches.update(scarce.batches)
            priced.append(f"{region} {scarce.value:,.2f}")
        else:
            found[region], note = _used(evidence, region, window)
            notes += [note] if note else []
    if priced:
        notes.insert(0, f"a GPU-hour at its shadow price, {evidence.currency}: {', '.join(priced)}")
    return Prices(found, tuple(notes), tuple(sorted(batches)))


def _used(evidence: Evidence, region: str, window: Window) -> tuple[float, str]:
    """Return what a used GPU-hour earns where a region is full, and what is not known of it."""
    scope = Scope.of(region=region)
    load = evidence.reading(allocated_utilization, scope, window)
    margin = evidence.reading(contribution_margin, scope, window)
    if load.value is None:
        return 0.0, f"{region}: how full it is is not known, so that its GPU-hours count as free"
    if load.value >= FULL and margin.value is None:
        return 0.0, f"{region}: full, but what a used GPU-hour earns is not known: {margin.because}"
    return a_used_hour(load.value, margin.value or 0.0), ""


def a_used_hour(load: float, margin_a_month: float) -> float:
    """Return what a used GPU earns an hour where so much is allocated, 0 where GPUs are left."""
    return max(margin_a_month, 0.0) / HOURS_PER_MONTH if load >= FULL else 0.0
