"""The pools during a replay: who runs where, who waits, what has been done of each job, and what preemption undid.

A preempted job loses the last `restart` seconds of its run, or all of a shorter one, and waits again. Wrong for work
that cannot be resumed: it would start anew. Nodes are not modelled: a gang fits where its pool has room.

>>> fleet = Fleet.of(Trace.of([0], [3600], [2], [4]), restart=600)
>>> fleet.wait(0, 0.0); fleet.start(0, 0, 0.0); fleet.preempt(0, 0, 1800.0)
>>> fleet.done[0], fleet.busy, fleet.free, fleet.waiting
(1200.0, 3600000.0, [4000], {0})
"""

from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Self

from hardgate.models.replay_trace import Trace

END, ARRIVE, TICK, LEAVE = range(4)
"""Kinds of events, in the order in which those of one moment happen; whoever can start does so before anyone leaves."""


@dataclass(slots=True)
class Fleet:
    """The state of a replay; sizes in thousandths of a GPU. `busy` is in thousandths of a GPU times seconds.

    `rank` is the priority of each kind, and `used` what each pool has in use by priority.
    """

    trace: Trace
    restart: float
    free: list[int]
    size: list[int]
    pools: list[list[int]]
    done: list[float]
    waited: list[float]
    since: list[float]
    stamp: list[int]
    left: set[int]
    queues: list[list[tuple[int, int]]]
    count: list[int]
    waiting: set[int]
    running: list[list[dict[int, None]]]
    kind: list[int]
    rank: list[int]
    used: list[dict[int, int]]
    events: list[tuple[float, int, int, int]] = field(default_factory=list)
    busy: float = 0.0
    preemptions: int = 0

    @classmethod
    def of(cls, trace: Trace, restart: float) -> Self:
        """Return the pools empty, with every arrival to come."""
        jobs, kinds, pools = len(trace.arrival), len(trace.first), len(trace.capacity)
        made = cls(
            trace, restart, trace.capacity.tolist(), trace.size[trace.first].tolist(),
            [[p for p in range(pools) if trace.usable[at, p]] for at in trace.first.tolist()],
            [0.0] * jobs, [0.0] * jobs, [0.0] * jobs, [0] * jobs, set(), [[] for _ in range(kinds)], [0] * kinds,
            set(), [[{} for _ in range(pools)] for _ in range(kinds)], trace.kind.tolist(),
            trace.priority[trace.first].tolist(), [{} for _ in range(pools)],
        )  # fmt: skip
        made.events = [(when, ARRIVE, job, 0) for job, when in enumerate(trace.arrival.tolist())]
        return made

    def room(self, kind: int, closed: frozenset[int] | set[int] = frozenset()) -> int | None:
        """Return the usable pool with the most room for a job of a kind, or None."""
        best, most = None, self.size[kind] - 1
        for pool in self.pools[kind]:
            if self.free[pool] > most and pool not in closed:
                best, most = pool, self.free[pool]
        return best

    def head(self, kind: int) -> int:
        """Return the job of a kind that came first of those that wait."""
        queue = self.queues[kind]
        while self.stamp[queue[0][0]] != queue[0][1]:
            heappop(queue)
        return queue[0][0]

    def wait(self, job: int, now: float) -> None:
        """Put a job among those that wait."""
        kind = self.kind[job]
        self.stamp[job] += 1
        self.since[job] = now
        heappush(self.queues[kind], (job, self.stamp[job]))
        self.count[kind] += 1
        self.waiting.add(kind)
        patience = float(self.trace.patience[job])
        if patience < float("inf"):
            heappush(self.events, (now + patience, LEAVE, job, self.stamp[job]))

    def start(self, kind: int, pool: int, now: float) -> None:
        """Start the first of a kind in a pool."""
        job = self.head(kind)
        self._unqueue(job, now)
        self._take(kind, pool, self.size[kind])
        self.running[kind][pool][job] = None
        heappush(self.events, (now + float(self.trace.seconds[job]) - self.done[job], END, job, self.stamp[job]))

    def leave(self, job: int, now: float) -> None:
        """Let a job go that has waited too long."""
        self._unqueue(job, now)
        self.left.add(job)

    def end(self, job: int, now: float) -> None:
        """End a job that has done its work."""
        kind = self.kind[job]
        pool = next(p for p in self.pools[kind] if job in self.running[kind][p])
        self._stop(job, kind, pool, now)
        self.done[job] = float(self.trace.seconds[job])

    def preempt(self, kind: int, pool: int, now: float) -> None:
        """Stop the job of a kind that was started last in a pool; it waits again."""
        job = next(reversed(self.running[kind][pool]))
        ran = self._stop(job, kind, pool, now)
        self.done[job] += max(ran - self.restart, 0.0)
        self.preemptions += 1
        self.wait(job, now)

    def close(self, now: float) -> None:
        """Count what runs and what waits at the end."""
        for kind, pools in enumerate(self.running):
            for pool, jobs in enumerate(pools):
                for job in list(jobs):
                    self.done[job] += self._stop(job, kind, pool, now)
            while self.count[kind]:
                self._unqueue(self.head(kind), now)

    def _take(self, kind: int, pool: int, size: int) -> None:
        used, rank = self.used[pool], self.rank[kind]
        self.free[pool] -= size
        used[rank] = used.get(rank, 0) + size

    def _unqueue(self, job: int, now: float) -> None:
        kind = self.kind[job]
        self.waited[job] += now - self.since[job]
        self.since[job] = now
        self.stamp[job] += 1
        self.count[kind] -= 1
        if not self.count[kind]:
            self.waiting.discard(kind)

    def _stop(self, job: int, kind: int, pool: int, now: float) -> float:
        ran = now - self.since[job]
        self.stamp[job] += 1
        self._take(kind, pool, -self.size[kind])
        self.busy += self.size[kind] * ran
        del self.running[kind][pool][job]
        return ran
