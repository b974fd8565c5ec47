"""What would admit a workload that was turned away: how much more it would have to earn, or how many GPUs more.

More earned: with the workload served whatever it costs, what the last of its units displaces. More GPUs: as many as
would be bought at just under what the workload earns, since those that earn more stand before it. Each answer is tried
on the plan, whole gangs and all, and raised until it admits. Wrong where several that were turned away change at once.

One pool of 4 GPUs, full of work that earns 5; another 2 GPUs that earn 3 need 2.01 more an hour, or 2 GPUs more:

>>> from hardgate.models.allocation_claims import Wanted
>>> wanted = Wanted.of([[5.0], [3.0]], [4], [4, 2])
>>> admission(wanted, 1)
Admission(more_value=2.01, pool=0, more_gpus=2)

Source: METHODS 7.
"""

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from hardgate.models import allocation
from hardgate.models.allocation_claims import Wanted

CENT = 0.01
TRIES = 8


@dataclass(frozen=True, slots=True)
class Admission:
    """What admits a workload: money more per GPU-hour, or GPUs more in one pool; None where none does."""

    more_value: float | None
    pool: int | None
    more_gpus: int | None


def admission(wanted: Wanted, workload: int, *, whole: bool = True) -> Admission:
    """Return what would give one workload all that it asks for, everything else the same."""
    if not np.isfinite(wanted.value[workload]).any() or wanted.demand[workload] == 0:
        return Admission(None, None, None)
    more = _value(wanted, workload, whole=whole)
    pool = int(np.argmax(allocation.of(wanted, sides=False).price * -1 + wanted.value[workload]))
    return Admission(more, pool, _gpus(wanted, workload, pool, whole=whole))


def raised(wanted: Wanted, workload: int, by: float) -> Wanted:
    """Return what is wanted with one workload worth more, on every pool it can use."""
    value = wanted.value.copy()
    value[workload] += by if wanted.work is None else by * wanted.work[workload]
    return replace(wanted, value=value)


def enlarged(wanted: Wanted, pool: int, by: float) -> Wanted:
    """Return what is wanted with more GPUs in one pool."""
    capacity = wanted.capacity.copy()
    capacity[pool] += by
    return replace(wanted, capacity=capacity)


def served(wanted: Wanted, workload: int, *, whole: bool = True) -> bool:
    """Tell whether the plan gives one workload all that it asks for."""
    found = allocation.of(wanted, whole=whole, sides=False)
    work = np.ones(len(wanted.capacity)) if wanted.work is None else wanted.work[workload]
    size = float(wanted.gang[workload]) if whole and wanted.work is None else 1.0
    asked = wanted.demand[workload] // size * size if whole else wanted.demand[workload]
    return bool((found.gpus[workload] * work).sum() >= asked - 1e-6)


def _value(wanted: Wanted, workload: int, *, whole: bool) -> float | None:
    """Money more per unit that admits it: what it has to spare when it is served whatever it costs."""
    at_any_price = 100.0 * (
        float(np.abs(wanted.value[np.isfinite(wanted.value)]).max()) + float(wanted.penalty.max()) + 1.0
    )
    forced = allocation.of(raised(wanted, workload, at_any_price))
    work = np.ones(len(wanted.capacity)) if wanted.work is None else wanted.work[workload]
    if (forced.gpus[workload] * work).sum() < wanted.demand[workload] - 1e-6:
        return None
    used = forced.gpus[workload] > 1e-9
    needs = max(float(((forced.more - wanted.value[workload])[used] / work[used]).max()), 0.0)
    for _ in range(TRIES):
        needs = ceil(round(needs / CENT, 6)) * CENT + CENT
        if served(raised(wanted, workload, needs), workload, whole=whole):
            return round(needs, 2)
        needs = 1.5 * needs + CENT
    return None


def _gpus(wanted: Wanted, workload: int, pool: int, *, whole: bool) -> int | None:
    """GPUs more in one pool that admit it: those bought at a cent under what it earns there."""
    worth = float(wanted.value[workload, pool])
    extra = replace(
        wanted, value=np.column_stack([wanted.value, wanted.value[:, pool] - worth + CENT]),
        capacity=np.append(wanted.capacity, wanted.demand.sum() * max(1.0, float(wanted.gang.max()))),
        work=None if wanted.work is None else np.column_stack([wanted.work, wanted.work[:, pool]]),
    )  # fmt: skip
    bought = allocation.of(extra, sides=False).gpus[:, -1].sum()
    gpus, step = ceil(float(bought) - 1e-6), int(wanted.gang[workload])
    for _ in range(TRIES):
        if served(enlarged(wanted, pool, gpus), workload, whole=whole):
            return gpus
        gpus += step
    return None
