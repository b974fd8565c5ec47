"""What would admit a workload that was turned away: how much more it would have to pay, or how many GPUs more.

More paid: with the workload served whatever it costs, what the last of its units displaces. More GPUs: as many as
would be bought at just under what the workload earns, since those that earn more stand before it. From there each
answer is looked for on the plan, whole gangs and all, until it admits and two cents, or a GPU, less do not: at the very
edge the plan may do either, so money has half a cent to spare. Where the search ends before that it is "at most".
What is paid counts in the plan as far as it `lasts`: of revenue that is bound for no time .3 counts, so that it has to
pay more than three times what it lacks.
Wrong where several that were turned away change at once.

One pool of 4 GPUs, full of work that earns 5; another 2 GPUs that earn 3 need 2.01 more an hour, or 2 GPUs more:

>>> from hardgate.models.allocation_claims import Wanted
>>> wanted = Wanted.of([[5.0], [3.0]], [4], [4, 2])
>>> admission(wanted, 1)
Admission(more_value=2.01, pool=0, more_gpus=2, least_value=True, least_gpus=True)
>>> admission(wanted, 1, lasts=0.3).more_value
6.68

Source: METHODS 7.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from hardgate.models import allocation
from hardgate.models.allocation_claims import Wanted
from hardgate.models.allocation_parts import part_of, within

Floats = NDArray[np.float64]

CENT, TIE, CLOSE = 0.01, 0.5, 1e-6
TRIES = 32
"""Plans that one answer may take."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What admits a workload: money more paid per unit and hour, or GPUs more in one pool; None where none was found.

    `least_value` and `least_gpus`: two cents, or a GPU, less do not admit it. Otherwise the answer is "at most".
    """

    more_value: float | None
    pool: int | None
    more_gpus: int | None
    least_value: bool = False
    least_gpus: bool = False


def admission(
    wanted: Wanted, workload: int, *, whole: bool = True, price: Floats | None = None, lasts: float = 1.0
) -> Admission:
    """Return what would give one workload all that it asks for, everything else the same.

    Args:
        wanted: what is wanted, at values as the plan weighs them.
        workload: which one.
        whole: whether gangs come whole.
        price: the plan's, by pool.
        lasts: how much of what the workload pays counts in its value.

    """
    if not np.isfinite(wanted.value[workload]).any() or wanted.demand[workload] == 0:
        return Admission(None, None, None)
    part = part_of(wanted, workload)
    price = allocation.of(wanted, sides=False).price if price is None else price
    best = int(np.argmax(_margins(wanted, workload, price)))
    found = _within(
        within(wanted, part),
        int(np.searchsorted(part.workloads, workload)),
        int(np.searchsorted(part.pools, best)),
        whole=whole,
        lasts=lasts,
    )
    return replace(found, pool=best)


def _within(wanted: Wanted, workload: int, pool: int, *, whole: bool, lasts: float) -> Admission:
    cents, least_value = _value(wanted, workload, whole=whole, cent=CENT * lasts)
    gpus, least_gpus = _gpus(wanted, workload, pool, whole=whole)
    return Admission(None if cents is None else round(cents * CENT, 2), pool, gpus, least_value, least_gpus)


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
    """Tell whether the plan gives one workload all that it asks for, as far as whole gangs can."""
    found = allocation.of(wanted, whole=whole, sides=False)
    asked, gang = float(wanted.demand[workload]), float(wanted.gang[workload])
    if whole and wanted.work is None:
        asked = asked // gang * gang
    return bool(found.units[workload] >= asked - CLOSE * max(asked, 1.0))


def least(admits: Callable[[int], bool], guess: int, tries: int = TRIES) -> tuple[int | None, bool]:
    """Return the least whole number that admits, looked for round a guess, and whether one less was seen not to.

    0 does not admit. None where nothing was found.

    >>> least(lambda count: count >= 37, 30), least(lambda count: count >= 37, 90), least(lambda count: False, 5)
    ((37, True), (37, True), (None, False))
    """
    low, top, step = 0, max(guess, 1), 1
    while not admits(top):
        tries -= 1
        if not tries:
            return None, False
        low, top, step = top, top + step, 2 * step
    step = 1 if low == 0 else top
    while top - low > 1 and tries > 0:
        at = max(top - step, (low + top) // 2)
        tries -= 1
        if admits(at):
            top, step = at, 4 * step
        else:
            low = at
    return top, top - low == 1


def _margins(wanted: Wanted, workload: int, price: Floats) -> Floats:
    """What a unit would earn on each pool beyond its price."""
    work = np.ones(len(price)) if wanted.work is None else wanted.work[workload]
    margins: Floats = np.full(len(price), -np.inf)
    np.divide(wanted.value[workload] - price, work, out=margins, where=work > 0)
    return margins


def _value(wanted: Wanted, workload: int, *, whole: bool, cent: float) -> tuple[int | None, bool]:
    """Cents more per unit that admit it, one worth `cent`: about what it has to spare when it is served at any cost."""
    most = float(np.abs(wanted.value[np.isfinite(wanted.value)]).max()) + float(wanted.penalty.max()) + 1.0
    forced = allocation.of(raised(wanted, workload, 100.0 * most), sides=wanted.work is None)
    if forced.units[workload] < wanted.demand[workload] - CLOSE * max(float(wanted.demand[workload]), 1.0):
        return None, False
    lacks = -_margins(wanted, workload, forced.more)[forced.gpus[workload] > CLOSE]
    guess = ceil(round(max(float(lacks.max()), 0.0) / cent + TIE, 6))
    return least(lambda cents: served(raised(wanted, workload, (cents - TIE) * cent), workload, whole=whole), guess)


def _gpus(wanted: Wanted, workload: int, pool: int, *, whole: bool) -> tuple[int | None, bool]:
    """GPUs more in one pool that admit it: about those bought at a cent under what it earns there."""
    worth = float(wanted.value[workload, pool])
    extra = replace(
        wanted, value=np.column_stack([wanted.value, wanted.value[:, pool] - worth + CENT]),
        capacity=np.append(wanted.capacity, wanted.demand.sum() * max(1.0, float(wanted.gang.max()))),
        work=None if wanted.work is None else np.column_stack([wanted.work, wanted.work[:, pool]]),
    )  # fmt: skip
    bought = allocation.of(extra, sides=False).gpus[:, -1].sum()
    guess = ceil(float(bought) - CLOSE)
    return least(lambda gpus: served(enlarged(wanted, pool, gpus), workload, whole=whole), guess)
