"""What one product cost to serve and brought in its last months: where every metric and exhibit of pricing starts.

The months are the last three complete ones with usage; an account that used the product itself is looked at by its own
usage, one that did not by that of all. Wrong when the months hold a launch: the mean of three describes neither side.

>>> Served.__slots__[:3]
('window', 'usage', 'taken')
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Scope
from hardgate.metrics.ai_revenue import Revenue, revenue
from hardgate.metrics.ai_usage import Usage, months_used, used
from hardgate.metrics.cost_source import SOURCES, months_paid
from hardgate.metrics.gpu_hour import Rate
from hardgate.metrics.serving_cost import Layers, Resources, layers, places, resources

BUYER = ("account", "product", "feature")
Rates = Callable[[Evidence, Scope, Window], Rate | str]


@dataclass(frozen=True, slots=True)
class Served:
    """Usage of a scope in its months, what it took, what it brought, and the rates of the pools that served it."""

    window: Window
    usage: Usage
    taken: Resources
    brought: Revenue
    rates: Mapping[str, Rate]
    gaps: tuple[str, ...]
    of_account: bool

    @property
    def cost(self) -> Layers | None:
        """The cost by layer; None where any part of it is not known."""
        if self.gaps:
            return None
        return layers(self.usage, self.taken, self.rates, np.ones(self.usage.count, np.bool_))


def served(evidence: Evidence, scope: Scope, end: date, rate: Rates, *, billed: bool) -> Served | str:
    """Return what was served in a scope, or what is missing; `billed` months have a bill too."""
    buyer = scope.narrowed(BUYER)
    whole = Scope(tuple(one for one in buyer.parts if one[0] != "account"))
    mine = months_used(evidence, end, scope=buyer)
    where = buyer if mine is not None else whole
    window = mine or months_used(evidence, end, scope=whole)
    if window is None:
        return f"no complete month of usage of {whole} before {end}"
    if billed:
        paid = months_paid(evidence, evidence.cost_source, 12)
        if paid is None or paid.end <= window.start:
            return f"no {SOURCES[evidence.cost_source].words} for the months of usage; bring {evidence.cost_source}"
        window = Window(max(window.start, paid.start), min(window.end, paid.end))
    usage = used(evidence, where, window)
    taken, found = resources(evidence, usage), {}
    gaps = list(taken.gaps_of(np.ones(usage.count, np.bool_)))
    if "account" in buyer and None in usage.texts["account"]:
        gaps.append(f"usage without an account: some of it may be of {buyer['account']}; bring account in usage_events")
    for place in places(usage):
        one = rate(evidence, place, window)
        if isinstance(one, str):
            gaps.append(one)
        else:
            found[place["pool"]] = one
    brought = revenue(evidence, usage, where, window)
    return Served(
        window, usage, taken, brought, found, tuple(dict.fromkeys(gaps)), where == buyer and "account" in buyer
    )


def batches(evidence: Evidence, window: Window, rates: Mapping[str, Rate]) -> tuple[str, ...]:
    """Return the batches behind what was served."""
    found = {one for rollup in ("ai_usage_month", "seat_month") for one in evidence.batches(rollup, window)}
    for rollup in ("hosted_price", "throughput", "list_price"):
        found |= set(evidence.batches(rollup))
    return tuple(sorted(found | {one for rate in rates.values() for one in rate.batches}))
