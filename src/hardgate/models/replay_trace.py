"""A recorded trace as arrays: what came when, for how long, on how many GPUs, and what it is declared to be worth.

A trace of a scheduler has no money in it: contribution, durability, promises and patience are declared by whoever
reads it. Jobs that differ in nothing but their times, patience among them, are of one kind. Wrong when the recorded
length of a job depended on how it was placed: it is taken as work to be done, wherever it runs.

Three jobs of two kinds on a pool of 4 GPUs:

>>> trace = Trace.of([0, 5, 9], [3600, 3600, 60], [2, 2, 4], [4], worth=[1, 1, 3])
>>> trace.kind.tolist(), round(float(trace.asked_gpu_hours.sum()), 4), trace.horizon
([0, 0, 1], 4.0667, 3605.0)

Source: METHODS 7.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

MILLI = 1000
"""GPUs are counted in thousandths, so that shares of one add up exactly."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Jobs in order of arrival; `size` and `capacity` in thousandths of a GPU, times in seconds.

    Attributes:
        arrival: when each job came, ascending.
        seconds: of work that it does on its GPUs.
        size: of its gang: it runs in one pool on all of them or not at all.
        worth: contribution of a GPU-hour, money.
        lasting: durability of that revenue, 0 to 1.
        tenant: position of who pays.
        priority: the higher the sooner; only the priority-only policy reads it.
        promised: whether it was promised its GPUs when it comes.
        patience: how long it waits at a time before it leaves; infinite where it never does.
        usable: shape (jobs, pools).
        capacity: of the pools.
        kind: position of the kind of each job.
        first: the first job of each kind.

    """

    arrival: Floats
    seconds: Floats
    size: Indices
    worth: Floats
    lasting: Floats
    tenant: Indices
    priority: Indices
    promised: Mask
    patience: Floats
    usable: Mask
    capacity: Indices
    kind: Indices
    first: Indices

    @classmethod
    def of(
        cls,
        arrival: ArrayLike,
        seconds: ArrayLike,
        gpus: ArrayLike,
        capacity: ArrayLike,
        *,
        worth: ArrayLike = 1.0,
        lasting: ArrayLike = 1.0,
        tenant: ArrayLike = 0,
        priority: ArrayLike = 0,
        promised: ArrayLike = False,
        patience: ArrayLike = np.inf,
        usable: ArrayLike = True,
    ) -> Self:
        """Take a trace in any order; what is one figure holds for every job.

        Raises:
            ValueError: a figure is negative, not a number, or of another shape.

        """
        came, pools = np.asarray(arrival, np.float64), np.rint(np.asarray(capacity, np.float64) * MILLI)
        order, count = np.argsort(came, kind="stable"), len(came)
        given = {
            "seconds": seconds, "gpus": gpus, "worth": worth, "lasting": lasting, "tenant": tenant,
            "priority": priority, "promised": promised, "patience": patience,
        }  # fmt: skip
        told = {name: np.broadcast_to(np.asarray(one, np.float64), (count,))[order] for name, one in given.items()}
        for name, array in {"arrival": came, "capacity": pools, **told}.items():
            wrong = np.flatnonzero(~(array >= 0) | (~np.isfinite(array) if name != "patience" else False))
            if len(wrong):
                raise ValueError(f"{name} is {array[wrong[0]]}: expected a figure of at least 0")
        size = np.rint(told["gpus"] * MILLI)
        if np.any(size < 1):
            raise ValueError("a job asks for no GPU: leave out what needs none")
        use = np.broadcast_to(np.asarray(usable, np.bool_), (count, len(pools)))[order]
        alike = np.column_stack([size, *(told[name] for name in list(given)[2:] if name != "patience"), use])
        _, first, kind = np.unique(alike, axis=0, return_index=True, return_inverse=True)
        return cls(
            came[order], told["seconds"], size.astype(np.int64), told["worth"], told["lasting"],
            told["tenant"].astype(np.int64), told["priority"].astype(np.int64), told["promised"] > 0, told["patience"],
            use, pools.astype(np.int64), kind.reshape(-1).astype(np.int64), first.astype(np.int64),
        )  # fmt: skip

    @property
    def horizon(self) -> float:
        """When the last job would end if none waited: what is served later does not count."""
        return float((self.arrival + self.seconds).max(initial=0.0))

    @property
    def asked_gpu_hours(self) -> Floats:
        """GPU-hours that each job asks for."""
        return self.size * self.seconds / (MILLI * 3600)

    @property
    def capacity_gpu_hours(self) -> float:
        """GPU-hours that the pools have from the first arrival to the horizon."""
        start = float(self.arrival[0]) if len(self.arrival) else 0.0
        return float(self.capacity.sum()) / MILLI * (self.horizon - start) / 3600
