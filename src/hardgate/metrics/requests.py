"""What wants GPUs on a day, what each GPU-hour of it is worth there, and what the pools have: the allocation's inputs.

The value of a GPU-hour is contribution x relative throughput of the type x durability of the revenue. GPUs asked for,
promised and missed count on the type of throughput 1; GPUs held and of a gang are those of the pool. Pools have what
was available on the last complete day. Wrong when a request lists a type under another name than its pool does: it is
named as a gap and gets nothing.

>>> types("H20=1 L20=0.4")
{'H20': 1.0, 'L20': 0.4}
>>> types("H20, B200")
{'H20': 1.0, 'B200': 1.0}
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Evidence, Scope
from hardgate.metrics.columns import DAY_MS, cells, dates
from hardgate.metrics.reporting_currency import converted

HORIZON, MOVE = 36.0, 0.0
"""Months over which revenue lasts, and what moving a held GPU costs an hour, where policy does not say."""
_TYPE = re.compile(r"^([^=]+)(?:=(\d*\.?\d+))?$")


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool and the GPUs that it has to give."""

    pool: str
    region: str
    accelerator: str
    gpus: int

    @property
    def scope(self) -> Scope:
        """Where it is."""
        return Scope.of(region=self.region, accelerator=self.accelerator, pool=self.pool)


@dataclass(frozen=True, slots=True)
class Request:
    """One workload on one day; money in the reporting currency and per GPU-hour on the reference type."""

    workload: str
    tenant: str
    gpus: int
    gang: int
    accelerators: str
    regions: str | None
    contribution: float
    committed: int
    term_months: float
    renewal: float
    penalty: float
    pool: str | None
    held: int

    def reaches(self, region: str, accelerator: str) -> float:
        """Return the relative throughput on a pool's type; 0 where the workload cannot use the pool."""
        if self.regions is not None and region not in self.regions.split():
            return 0.0
        return types(self.accelerators).get(accelerator, 0.0)

    def works(self, pool: Pool | None) -> float:
        """Return what it asks for that the GPUs do which it holds; 0 where its pool is not live."""
        return 0.0 if pool is None else self.held * self.reaches(pool.region, pool.accelerator)


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that asks for GPUs nobody knows how many of, or at which worth: what it may use, and what is wrong."""

    accelerators: str | None
    regions: str | None
    why: str

    def reaches(self, region: str, accelerator: str) -> bool:
        """Tell whether it might use a pool."""
        here = self.regions is None or region in self.regions.split()
        return here and (self.accelerators is None or types(self.accelerators).get(accelerator, 0.0) > 0)


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that one allocation depends on, and what is missing of it."""

    requests: tuple[Request, ...]
    pools: tuple[Pool, ...]
    floors: tuple[tuple[str, int], ...]
    horizon_months: float
    move_cost: float
    gaps: tuple[str, ...]
    unread: tuple[Unread, ...] = ()


def types(text: str) -> dict[str, float]:
    """Read accelerator types with their relative throughput; a word that is neither is left out."""
    found = (_TYPE.match(word) for word in text.replace(",", " ").split())
    return {one[1]: float(one[2] or 1.0) for one in found if one}


def wishes(evidence: Evidence) -> Wishes:
    """Return what wants GPUs as of the evidence's date, sorted by name."""
    return evidence.once("wishes", lambda: _wishes(evidence))


def _wishes(evidence: Evidence) -> Wishes:
    rows = evidence.rows("request")
    day = evidence.as_of
    money, owed = converted(evidence, rows, "contribution"), converted(evidence, rows, "penalty")
    starts, ends = dates(rows, "day"), dates(rows, "needed_to")
    pools, gaps, found, unread = pools_of(evidence), list[str](), list[Request](), list[Unread]()
    there = {one.accelerator for one in pools}
    for at, row in enumerate(_records(evidence)):
        if not _within(starts[at], ends[at], day):
            continue
        gap = _unfit(row, money.amounts[at], there)
        if gap:
            gaps.append(gap)
        if gap is None or gap.endswith(NO_POOL):
            found.append(_request(row, float(money.amounts[at] or 0), float(owed.amounts[at] or 0)))
        else:
            unread.append(Unread(_text(row["accelerators"]), _text(row["regions"]), gap))
    floors = _floors(evidence)
    gaps += [f"{tenant}: a guarantee of {gpus} GPUs; correct tenant_floors" for tenant, gpus in floors if gpus < 0]
    horizon, move = evidence.assumption("durability_months"), evidence.assumption("preemption_cost")
    return Wishes(
        tuple(sorted(found, key=lambda one: one.workload)), pools,
        tuple(one for one in floors if one[1] >= 0),
        horizon.value if horizon else HORIZON, move.value if move else MOVE, tuple(sorted(gaps)),
        tuple(sorted(unread, key=lambda one: one.why)),
    )  # fmt: skip


def _text(cell: object) -> str | None:
    return None if cell is None else str(cell)


NO_POOL = "correct accelerators in workload_requests, or bring the pool"


def _unfit(row: dict[str, Any], contribution: object, there: set[str]) -> str | None:
    """Say what is wrong with a row, or None."""
    name = row["workload"]
    if contribution is None:
        return f"{name}: no contribution in the reporting currency; bring contribution, its currency and exchange_rates"
    if row["gpus"] is None or row["tenant"] is None or row["accelerators"] is None:
        return f"{name}: no tenant, GPUs or accelerators; bring them in workload_requests"
    wrong = [one for one in ("gpus", "gang", "committed_gpus", "incumbent_gpus", "term_months") if (row[one] or 0) < 0]
    if wrong or not 0 <= (row["renewal"] or 0) <= 1:
        return f"{name}: {', '.join(wrong) or 'renewal'} is out of its range; correct workload_requests"
    if not set(types(str(row["accelerators"]))) & there:
        have = ", ".join(sorted(there)) or "none"
        return f"{name}: asks for {row['accelerators']}, which no pool has (pools have {have}): {NO_POOL}"
    return None


def _request(row: dict[str, Any], contribution: float, penalty: float) -> Request:
    return Request(
        str(row["workload"]), str(row["tenant"]), int(row["gpus"]), max(int(row["gang"] or 1), 1),
        str(row["accelerators"]), None if row["regions"] is None else str(row["regions"]), contribution,
        int(row["committed_gpus"] or 0), float(row["term_months"] or 0), float(row["renewal"] or 0), penalty,
        None if row["incumbent_pool"] is None else str(row["incumbent_pool"]), int(row["incumbent_gpus"] or 0),
    )  # fmt: skip


NAMES = (
    "workload", "tenant", "gpus", "gang", "accelerators", "regions", "committed_gpus", "term_months", "renewal",
    "incumbent_pool", "incumbent_gpus",
)  # fmt: skip


def _records(evidence: Evidence) -> list[dict[str, Any]]:
    rows = evidence.rows("request")
    columns = {name: cells(rows, name) for name in NAMES}
    return [{name: column[at] for name, column in columns.items()} for at in range(rows.count)]


def _within(start: date | None, end: date | None, day: date) -> bool:
    return start is not None and start <= day and (end is None or day < end)


def pools_of(evidence: Evidence) -> tuple[Pool, ...]:
    """Return the pools and what they had available on the last complete day, by name."""
    last = evidence.last_complete("pool_day")
    rows = evidence.rows("pool_day", EVERYTHING, Window(last, last + timedelta(days=1)))
    columns = [cells(rows, name) for name in ("pool", "region", "accelerator", "available_gpu_ms")]
    found = [
        Pool(str(pool), str(region), str(card), round(available / DAY_MS))
        for pool, region, card, available in zip(*columns, strict=True)
        if available is not None
    ]
    return tuple(sorted(found, key=lambda one: one.pool))


def _floors(evidence: Evidence) -> tuple[tuple[str, int], ...]:
    rows = evidence.rows("tenant_floor")
    columns = [cells(rows, "tenant"), cells(rows, "gpus"), dates(rows, "day"), dates(rows, "valid_to")]
    found = {
        str(tenant): int(gpus)
        for tenant, gpus, start, end in zip(*columns, strict=True)
        if gpus is not None and _within(start, end, evidence.as_of)
    }
    return tuple(sorted(found.items()))
