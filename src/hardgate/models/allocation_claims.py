"""What wants GPUs and what there is of them, and the claims that a workload falls into.

A workload's units are claimed apart where they differ in what is lost with them: those committed, those that it holds
(moving them costs something), and the rest. Nested that way, committed first, the parts are worth what the whole is.
Wrong when one workload holds GPUs of several pools: bring it as one row a pool.

Six of 8 GPUs committed, 4 held in pool 0:

>>> wanted = Wanted.of([[10.0, 9.0]], [8, 8], [8], commitment=[6], held=[4], held_pool=[0], move_cost=[1.0])
>>> claims = claimed(wanted)
>>> claims.demand.tolist(), claims.committed.tolist(), claims.held.tolist()
([4.0, 2.0, 2.0], [True, True, False], [True, False, False])

Source: METHODS 7.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Workloads and pools as arrays; money per GPU-hour, see `allocation.plan` for what each means.

    Raises:
        ValueError: a figure is negative, not a number, or of another shape.

    """

    value: Floats
    capacity: Floats
    demand: Floats
    commitment: Floats
    penalty: Floats
    tenant: Indices
    floor: Floats
    held: Floats
    held_pool: Indices
    move_cost: Floats
    work: Floats | None
    gang: Indices

    @classmethod
    def of(
        cls,
        value: ArrayLike,
        capacity: ArrayLike,
        demand: ArrayLike,
        *,
        commitment: ArrayLike | None = None,
        penalty: ArrayLike | None = None,
        tenant: ArrayLike | None = None,
        floor: ArrayLike | None = None,
        held: ArrayLike | None = None,
        held_pool: ArrayLike | None = None,
        move_cost: ArrayLike | None = None,
        throughput: ArrayLike | None = None,
        gang: ArrayLike | None = None,
    ) -> Self:
        """Take what was given, with nothing for what was not."""
        values = np.array(value, np.float64)
        if values.ndim != 2:
            raise ValueError(f"value has {values.ndim} dimensions: expected workloads by pools")
        count = len(values)
        values[np.isnan(values)] = -np.inf
        work = None if throughput is None else np.array(throughput, np.float64)
        if work is not None:
            values[~(np.nan_to_num(work) > 0)] = -np.inf
            work[~np.isfinite(values)] = 0.0
        wanted = np.asarray(demand, np.float64)
        made = cls(
            values, np.asarray(capacity, np.float64), wanted,
            np.minimum(_filled(commitment, count, 0.0), wanted), _filled(penalty, count, 0.0),
            _filled(tenant, count, -1).astype(np.int64), np.asarray([] if floor is None else floor, np.float64),
            _filled(held, count, 0.0), _filled(held_pool, count, -1).astype(np.int64),
            _filled(move_cost, count, 0.0), work, np.maximum(_filled(gang, count, 1), 1).astype(np.int64),
        )  # fmt: skip
        made.check()
        return made

    def check(self) -> None:
        """Refuse figures that mean nothing.

        Raises:
            ValueError: see the class.

        """
        count, pools = self.value.shape
        shapes = {"capacity": (self.capacity, pools), "demand": (self.demand, count)}
        for name, (array, size) in shapes.items():
            if array.shape != (size,):
                raise ValueError(f"{name} has shape {array.shape}, the values ask for ({size},)")
        for name in ("capacity", "demand", "commitment", "penalty", "floor", "held", "move_cost"):
            array = getattr(self, name)
            wrong = np.flatnonzero(~(array >= 0) | ~np.isfinite(array))
            if len(wrong):
                raise ValueError(f"{name}[{wrong[0]}] is {array[wrong[0]]}: expected a figure of at least 0")
        if np.any(self.value == np.inf):
            raise ValueError("a value is infinite: use a commitment for what must be served")
        if np.any(self.tenant >= len(self.floor)) and len(self.floor):
            raise ValueError(f"tenant {self.tenant.max()} has no floor: {len(self.floor)} floors were given")

    @property
    def groups(self) -> Indices | None:
        """The tenant of each workload where any has a floor."""
        return np.where(self.tenant < len(self.floor), self.tenant, -1) if self.floor.any() else None


def _filled(given: ArrayLike | None, count: int, otherwise: float) -> Floats:
    made = np.full(count, otherwise) if given is None else np.asarray(given, np.float64)
    if made.shape != (count,):
        raise ValueError(f"found {made.shape} figures for {count} workloads")
    return made


@dataclass(frozen=True, slots=True)
class Claims:
    """Parts of workloads: of which workload, how many units, and what is lost with them."""

    workload: Indices
    demand: Floats
    committed: Mask
    held: Mask


def claimed(wanted: Wanted) -> Claims:
    """Return the claims of all workloads, those of one workload after each other, each with some units."""
    rows, keeps = np.arange(len(wanted.demand)), wanted.held_pool >= 0
    units = np.ones(len(rows)) if wanted.work is None else wanted.work[rows, np.maximum(wanted.held_pool, 0)]
    usable = keeps & np.isfinite(wanted.value[rows, np.maximum(wanted.held_pool, 0)])
    held = np.where(usable, np.minimum(wanted.held * units, wanted.demand), 0.0)
    sure = wanted.commitment
    parts = np.stack(
        [np.minimum(sure, held), np.maximum(sure - held, 0), np.maximum(held - sure, 0),
         wanted.demand - np.maximum(sure, held)], axis=1,
    )  # fmt: skip
    workload, kind = np.nonzero(parts > 0)
    return Claims(workload, parts[workload, kind], kind <= 1, np.isin(kind, (0, 2)))
