"""Who holds which GPUs when: demand cut into pods, the lowest layers by training gangs, the top by single GPUs.

The pool is a stack of slots. A slot is wanted while demand reaches it and served while it is installed and not in
repair; what is wanted above that waits and gives up. So held and waiting GPU-hours together are the demand.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardgate.sample.calendar import STEP, Span
from hardgate.sample.draft import Draft
from hardgate.sample.operator import CUSTOMERS, Pool

DONE, FAILED, PREEMPTED, RUNNING, WAITED = range(5)

_LAYERS = ((0.45, 8), (0.65, 4), (0.82, 2))
"""Up to this share of the pool the slots are this wide; above they are single GPUs."""

_PIECE_HOURS = {8: 58.0, 4: 40.0, 2: 90.0, 1: 120.0}
_FINEST_POOL = 256
_SLOTS = 8
"""A pool has at least so many slots."""

_GIVES_UP_HOURS = 18.0
_FAILS, _IS_PREEMPTED = 0.12, 0.03
_UNSAVED_HOURS = 3.5
_NO_CHECKPOINT = 0.01
_TRAINS = 4

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pods:
    """The pods of one pool, column by column; times are seconds from the start, -1 where there is none."""

    first: Ints
    width: Ints
    customer: Ints
    created: Ints
    started: Ints
    ended: Ints
    outcome: Ints
    checkpoint: Ints
    restart: Ints

    @property
    def count(self) -> int:
        """How many pods there are."""
        return len(self.first)


def slots(pool: Pool, most: float) -> list[tuple[int, int]]:
    """Return first GPU and width of every slot, up to the most that demand ever reaches."""
    grain, widest = 1, 1
    while pool.gpus / grain > _FINEST_POOL:
        grain *= 2
    # In a small pool a gang of eight would be all of the pool or nothing.
    while 2 * widest <= pool.available / _SLOTS:
        widest *= 2
    made, at = [], 0
    while at < most:
        share = at / pool.available
        width = next((wide for below, wide in _LAYERS if share < below), 1)
        width = min(width * grain, widest)
        # No slot straddles the edge of what is available, else its last GPUs could never be held.
        for edge in _edges(pool):
            if at < edge < at + width:
                width = edge - at
        made.append((at, width))
        at += width
    return made


def held_by(draft: Draft, pool: Pool, wanted: NDArray[np.float64]) -> Pods:
    """Return the pods of one pool for the GPUs wanted in each half-hour."""
    random, span = draft.draws("pods", pool.name), draft.span
    available = available_at(pool, span)
    served, waiting = [], []
    for first, width in slots(pool, float(wanted.max())):
        reached = wanted >= first + width / 2
        fits = available >= first + width
        served.append(_runs(reached & fits, first, width))
        waiting.append(_runs(reached & ~fits, first, width))
    started = _pieces(np.concatenate(served), random, span)
    denied = _denied(np.concatenate(waiting), random, span)
    return _in_order(started, denied)


def available_at(pool: Pool, span: Span) -> Ints:
    """Return the GPUs that can be held in each half-hour."""
    out = np.zeros(span.steps, dtype=np.int64)
    for hall in pool.halls:
        out[span.step_of(span.live_from(hall.months_live)) :] += hall.gpus - hall.in_repair
    return out


def _edges(pool: Pool) -> list[int]:
    edges, at = [], 0
    for hall in pool.halls:
        at += hall.gpus - hall.in_repair
        edges.append(at)
    return edges


def _runs(true: NDArray[np.bool_], first: int, width: int) -> Ints:
    """Return the runs of true half-hours as rows (first GPU, width, first half-hour, half-hour after the last)."""
    turns = np.flatnonzero(np.diff(np.concatenate(([False], true, [False])).astype(np.int8)))
    runs = turns.reshape(-1, 2)
    place = np.broadcast_to(np.array([first, width]), (len(runs), 2))
    return np.concatenate((place, runs), axis=1)


def _cut(runs: Ints, mean_hours: NDArray[np.float64], random: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Cut runs at random into pieces of about this length; return the run of each piece, its first and last second."""
    seconds = (runs[:, 3] - runs[:, 2]) * STEP
    pieces = np.maximum(1, np.rint(seconds / (mean_hours * 3600) * random.lognormal(0.0, 0.2, len(runs)))).astype(int)
    of_run = np.repeat(np.arange(len(runs)), pieces)
    is_first = np.diff(of_run, prepend=-1) > 0
    at = np.where(is_first, 0.0, random.uniform(0.0, 1.0, len(of_run)))
    order = np.lexsort((at, of_run))
    starts = runs[of_run, 2] * STEP + np.floor(at[order] * seconds[of_run]).astype(np.int64)
    is_last = np.append(of_run[1:] != of_run[:-1], True)
    ends = np.where(is_last, runs[of_run, 3] * STEP, np.append(starts[1:], 0))
    return of_run, starts, ends


def _pieces(runs: Ints, random: np.random.Generator, span: Span) -> Pods:
    """Return the pods that got their GPUs."""
    width = runs[:, 1]
    hours = np.array([_PIECE_HOURS.get(int(wide), 60.0) for wide in width])
    of_run, starts, ends = _cut(runs, hours, random)
    count = len(of_run)
    # The next pod of a slot is pulled and started some minutes after the last one left.
    delay = random.integers(20, 1100, count)
    starts = np.minimum(starts + delay, ends - 1)
    trains = width[of_run] >= _TRAINS
    lot = random.uniform(0.0, 1.0, count)
    outcome = np.where(trains & (lot < _FAILS), FAILED, DONE)
    outcome = np.where(trains & (lot > 1 - _IS_PREEMPTED), PREEMPTED, outcome)
    running = ends >= span.steps * STEP
    outcome = np.where(running, RUNNING, outcome)
    back = np.minimum(random.exponential(_UNSAVED_HOURS * 3600, count), 0.9 * (ends - starts)).astype(np.int64)
    kept = trains & ~running & (random.uniform(0.0, 1.0, count) > _NO_CHECKPOINT)
    lost = (outcome == FAILED) | (outcome == PREEMPTED)
    return Pods(
        first=runs[of_run, 0],
        width=width[of_run],
        customer=random.choice(len(CUSTOMERS), count, p=_mix(random)),
        created=np.maximum(0, starts - random.integers(2, 60, count)),
        started=starts,
        ended=np.where(running, -1, ends),
        outcome=outcome,
        checkpoint=np.where(kept & lost, ends - back, -1),
        restart=np.where(lost, random.integers(240, 1500, count), 0),
    )


def _denied(runs: Ints, random: np.random.Generator, span: Span) -> Pods:
    """Return the pods that waited and never started."""
    of_run, starts, ends = _cut(runs, np.full(len(runs), _GIVES_UP_HOURS), random)
    count = len(of_run)
    none = np.full(count, -1)
    return Pods(
        first=none,
        width=runs[of_run, 1],
        customer=random.choice(len(CUSTOMERS), count, p=_mix(random)) if count else none,
        created=starts,
        started=none,
        ended=np.where(ends >= span.steps * STEP, -1, ends),
        outcome=np.full(count, WAITED),
        checkpoint=none,
        restart=np.zeros(count, dtype=np.int64),
    )


def _mix(random: np.random.Generator) -> NDArray[np.float64]:
    """Return the shares of the customers in one pool."""
    shares: NDArray[np.float64] = random.dirichlet(np.full(len(CUSTOMERS), 6.0))
    return shares


def _in_order(*parts: Pods) -> Pods:
    """Return several groups of pods as one, by the time they were created."""
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Pods.__slots__}
    order = np.lexsort((joined["first"], joined["created"]))
    return Pods(**{name: column[order] for name, column in joined.items()})
