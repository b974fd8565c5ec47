"""What ran and waited in the last week, as a trace with what the workspace declares of it.

A scheduler's record has no money in it. A workload is worth what the request of its name says, else what the requests
of its tenant that can use its pool do on average, by GPUs, else all requests of its tenant. GPUs promised to a tenant
in a pool are held by the first that it asks for there at a time. Its priority is the class that `hardgate allocate
--kueue` would give it. A workload that never started is taken to need the median time of those of as many GPUs that
ran, in its pool first, and to leave when it left. Wrong when the past had other prices than today's requests.

>>> keeps_promise([(0.0, 9.0, 4), (1.0, 9.0, 4), (10.0, 12.0, 8)], 8)
[True, True, True]
>>> keeps_promise([(0.0, 9.0, 4), (1.0, 9.0, 8)], 8)
[True, False]
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from hardgate.allocation.manifests import CLASSES, LASTING
from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Evidence
from hardgate.metrics.columns import DAY_MS, absent, cells
from hardgate.metrics.requests import Request, Wishes, wishes

if TYPE_CHECKING:
    from hardgate.models.replay_trace import Trace

DAYS = 7
PROMISED, LASTS, MOMENT = (value for _, value in CLASSES)
BRING = "bring workload_allocations, workload_requests and capacity"


class Job(NamedTuple):
    """One workload of a trace; times in seconds, `worth` in the reporting currency per GPU-hour."""

    arrival: float
    seconds: float
    gpus: float
    pools: tuple[int, ...]
    tenant: str
    worth: float
    lasting: float
    promised: bool
    priority: int
    patience: float | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A trace and the pools that it is replayed in, with what has to be said of it."""

    jobs: tuple[Job, ...]
    pools: tuple[tuple[str, float], ...]
    said: tuple[str, ...]
    window: str
    batches: tuple[str, ...] = ()

    def trace(self) -> "Trace":
        """Return the trace as arrays."""
        import numpy as np

        from hardgate.models.replay_trace import Trace

        tenants = sorted({one.tenant for one in self.jobs})
        usable = np.zeros((len(self.jobs), len(self.pools)), np.bool_)
        for at, one in enumerate(self.jobs):
            usable[at, list(one.pools)] = True
        return Trace.of(
            [one.arrival for one in self.jobs], [one.seconds for one in self.jobs], [one.gpus for one in self.jobs],
            [gpus for _, gpus in self.pools],
            worth=[one.worth for one in self.jobs], lasting=[one.lasting for one in self.jobs],
            tenant=[tenants.index(one.tenant) for one in self.jobs], priority=[one.priority for one in self.jobs],
            promised=[one.promised for one in self.jobs],
            patience=[np.inf if one.patience is None else one.patience for one in self.jobs], usable=usable,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Run:
    """A workload as the record has it: what is in the window of it, in seconds from its start.

    `seconds` None is one that never started; `until` is when it ended or left; `length` what it ran, before the window
    too.
    """

    name: str
    tenant: str
    pool: int
    gpus: float
    arrival: float
    seconds: float | None
    until: float
    length: float = 0.0
    patience: float | None = None


def recorded(evidence: Evidence) -> Recorded | str:
    """Return the trace of the last complete week, or what is missing for it."""
    end = evidence.last_complete("workload_run") + timedelta(days=1)
    window = Window(end - timedelta(days=DAYS), end)
    asked, pools = wishes(evidence), _pools(evidence, window)
    if not pools or not asked.requests:
        return f"no pool or no request: {BRING}"
    runs, said = _runs(evidence, window, {name: at for at, (name, _) in enumerate(pools)})
    if not runs:
        return f"no workload that ran from {window}: {BRING}"
    strange = sorted({one.tenant for one in runs} - {one.tenant for one in asked.requests})
    if strange:
        named = ", ".join(strange[:3]) + (f" and {len(strange) - 3} more" if len(strange) > 3 else "")  # noqa: PLR2004  three are enough to find the others
        return f"what a GPU-hour of {named} is worth is not declared: bring workload_requests of every tenant that runs"
    batches = tuple(sorted({*evidence.batches("workload_run", window), *evidence.batches("request")}))
    return Recorded(_jobs(runs, asked, pools), pools, said, str(window), batches)


def _pools(evidence: Evidence, window: Window) -> tuple[tuple[str, float], ...]:
    """Return the GPUs that each pool had available in the window, on average; a day without telling tells nothing."""
    rows = evidence.rows("pool_day", EVERYTHING, window)
    told: dict[str, list[float]] = {}
    for pool, available in zip(cells(rows, "pool"), cells(rows, "available_gpu_ms"), strict=True):
        if pool is not None and not absent(available):
            told.setdefault(str(pool), []).append(float(available) / DAY_MS)
    return tuple((name, float(round(sum(told[name]) / len(told[name])))) for name in sorted(told))


def _runs(evidence: Evidence, window: Window, place: Mapping[str, int]) -> tuple[list[_Run], tuple[str, ...]]:
    """Return what ran in the window by arrival and name, and what was left out."""
    rows = evidence.rows("workload_run", EVERYTHING, window)
    names = ("workload", "tenant", "pool", "gpus", "queued_s", "start_s", "end_s")
    newest = {(row[0], row[4]): row for row in zip(*(cells(rows, name) for name in names), strict=True)}
    runs, left = list[_Run](), dict[str, int]()
    for row in newest.values():
        found = _run(row, (_seconds(window.start), _seconds(window.end)), place)
        if isinstance(found, str):
            left[found] = left.get(found, 0) + 1
        else:
            runs.append(found)
    runs, said = _filled(sorted(runs, key=lambda one: (one.arrival, one.name)))
    return runs, (*said, *(f"left out: {count:,} workloads {why}" for why, count in sorted(left.items()) if why))


def _run(row: tuple[Any, ...], span: tuple[float, float], place: Mapping[str, int]) -> _Run | str:
    """Return what lies in a span of one workload, or why it is left out; nothing where it was not in it at all."""
    name, tenant, pool, gpus, queued, start, end = row
    first, last = span
    if tenant is None or absent(gpus) or not gpus > 0 or absent(queued):
        return "without tenant, GPUs or time"
    if pool is None or str(pool) not in place:
        return "of no pool with capacity"
    until, came = last if absent(end) else min(float(end), last), max(float(queued), first)
    head = (str(name), str(tenant), place[str(pool)], float(gpus), came - first)
    if absent(start) or start >= last:
        patience = None if absent(end) or end > last else until - came
        return _Run(*head, None, until - first, patience=patience) if until > came else ""
    begun = max(float(start), first)
    return _Run(*head, until - begun, until - first, until - float(start)) if until > begun else ""


def _filled(runs: Sequence[_Run]) -> tuple[list[_Run], tuple[str, ...]]:
    """Say of those that never started how long they would have run, where any of as many GPUs ran."""
    lengths: dict[tuple[int | None, float], list[float]] = {}
    for one in runs:
        for key in ((one.pool, one.gpus), (None, one.gpus)):
            lengths.setdefault(key, []).extend([one.length] if one.seconds is not None else [])
    made, hours, unlike = list[_Run](), 0.0, 0
    for one in runs:
        like = lengths[one.pool, one.gpus] or lengths[None, one.gpus]
        if one.seconds is not None:
            made.append(one)
        elif like:
            made.append(replace(one, seconds=median(like)))
            hours += one.gpus * median(like) / 3600
        else:
            unlike += 1
    taken = len(made) - sum(one.seconds is not None for one in runs)
    said = f"{taken:,} workloads never started: taken to need {hours:,.0f} GPU-hours, the median of those that ran"
    out = f"left out: {unlike:,} workloads that never started, none of as many GPUs did"
    return made, (*((said,) if taken else ()), *((out,) if unlike else ()))


def _seconds(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def _jobs(runs: Sequence[_Run], asked: Wishes, pools: Sequence[tuple[str, float]]) -> tuple[Job, ...]:
    """Add to what ran what is declared of it."""
    named = {one.workload: one for one in asked.requests}
    known: dict[tuple[str, int], tuple[float, float]] = {}
    promised = _promised(runs, asked, pools)
    made = []
    for at, one in enumerate(runs):
        key, seconds = (one.tenant, one.pool), one.seconds or 0.0
        if one.name in named:
            worth, lasting = _mean([(named[one.name], 1.0)], asked.horizon_months)
        else:
            if key not in known:
                known[key] = _mean(_declared(asked, one.tenant, pools[one.pool][0]), asked.horizon_months)
            worth, lasting = known[key]
        rank = PROMISED if promised[at] else LASTS if lasting >= LASTING else MOMENT
        made.append(
            Job(one.arrival, seconds, one.gpus, (one.pool,), one.tenant, worth, lasting, promised[at], rank,
                one.patience)
        )  # fmt: skip
    return tuple(made)


def _declared(asked: Wishes, tenant: str, pool: str) -> list[tuple[Request, float]]:
    """Return a tenant's requests that can use a pool, with their throughput there; all of them where none can."""
    mine = [one for one in asked.requests if one.tenant == tenant]
    where = next((one for one in asked.pools if one.pool == pool), None)
    reach = [(one, one.reaches(where.region, where.accelerator) if where else 0.0) for one in mine]
    return [pair for pair in reach if pair[1] > 0] or [(one, 1.0) for one in mine]


def _mean(declared: Sequence[tuple[Request, float]], horizon: float) -> tuple[float, float]:
    """Return what a GPU-hour is worth by GPUs, and what share of that revenue lasts."""
    from hardgate.models.durability import durability

    gpus = sum(max(one.gpus, 1) for one, _ in declared)
    money = [max(one.gpus, 1) * one.contribution * reach for one, reach in declared]
    lasts = [float(durability(one.term_months, one.renewal, horizon)) for one, _ in declared]
    total = sum(money)
    lasting = sum(m * share for m, share in zip(money, lasts, strict=True)) / total if total else min(lasts)
    return round(max(total / gpus, 0.0), 6), round(lasting, 6)


def _promised(runs: Sequence[_Run], asked: Wishes, pools: Sequence[tuple[str, float]]) -> list[bool]:
    """Tell which workloads hold promised GPUs; a promise without a pool of its own counts in the first it can use."""
    due: dict[tuple[str, str], int] = {}
    for one in asked.requests:
        usable = [where.pool for where in asked.pools if one.reaches(where.region, where.accelerator) > 0]
        pool = one.pool or next(iter(usable), None)
        if one.committed and pool is not None:
            due[one.tenant, pool] = due.get((one.tenant, pool), 0) + one.committed
    found = [False] * len(runs)
    for (tenant, pool), gpus in due.items():
        mine = [at for at, one in enumerate(runs) if (one.tenant, pools[one.pool][0]) == (tenant, pool)]
        held = keeps_promise([(runs[at].arrival, runs[at].until, runs[at].gpus) for at in mine], gpus)
        for at, kept in zip(mine, held, strict=True):
            found[at] = kept
    return found


def keeps_promise(times: Sequence[tuple[float, float, float]], gpus: float) -> list[bool]:
    """Tell of each (from, until, GPUs), in order of time, whether it fits into so many GPUs with those before it."""
    running, used, found = list[tuple[float, float]](), 0.0, list[bool]()
    for start, until, size in times:
        while running and running[0][0] <= start:
            used -= heappop(running)[1]
        found.append(used + size <= gpus)
        if found[-1]:
            used += size
            heappush(running, (until, size))
    return found
