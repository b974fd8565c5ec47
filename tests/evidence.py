"""Evidence for tests: real values from small whitespace tables, answering what `hardgate.core.terms.Evidence` asks."""

import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import numpy as np

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Ask, Assumption, Metric, Reading, Rows, Scope, Verdict
from hardgate.metrics import ratio

T = TypeVar("T")
HOUR = 3_600_000
DAY = 86_400_000
KEPT: dict[str, str] = {}
POOL_DAY = (
    "day", "region", "accelerator", "pool", "installed_gpu_ms", "available_gpu_ms", "allocated_gpu_ms", "active_gpu_ms",
    "productive_gpu_ms", "unlabelled_gpu_ms", "queued_gpu_ms", "lost_gpu_ms", "lost_unknown_gpu_ms", "monthly",
)  # fmt: skip


def cell(text: str) -> Any:
    """Read one cell: - is null, then a date, a whole number, a decimal, a truth, or text."""
    if text == "-":
        return None
    if text in {"true", "false"}:
        return text == "true"
    for kind in (date.fromisoformat, int, Decimal):
        try:
            return kind(text)
        except (ValueError, ArithmeticError):
            continue
    return text


def table(text: str) -> Rows:
    """Read a whitespace table with a head line."""
    lines = [line.split() for line in text.strip().splitlines() if line.strip()]
    if not lines:
        return Rows()
    head, body = lines[0], [[cell(one) for one in line] for line in lines[1:]]
    return Rows({name: [line[i] for line in body] for i, name in enumerate(head)}, len(body))


def rows_of(records: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Rows:
    """Turn records into columns."""
    return Rows({name: [record.get(name) for record in records] for name in names}, len(records))


def pool_days(
    pool: str,
    start: date,
    count: int,
    *,
    gpus: int = 100,
    region: str = "north",
    accelerator: str = "H20",
    available: Any = 1.0,
    allocated: Any = 0.9,
    active: Any = 0.8,
    productive: Any = 0.75,
    unlabelled: Any = 0.0,
    queued: Any = 0.0,
    lost_unknown: Any = 0.0,
    monthly: int = 0,
) -> list[dict[str, Any]]:
    """Rows of one pool: shares of what is installed, each a number, None, or a function of the day's index."""
    shares = {
        "available_gpu_ms": available, "allocated_gpu_ms": allocated, "active_gpu_ms": active, "productive_gpu_ms": productive,
        "unlabelled_gpu_ms": unlabelled, "queued_gpu_ms": queued, "lost_unknown_gpu_ms": lost_unknown,
    }  # fmt: skip
    found = []
    for i in range(count):
        record: dict[str, Any] = {
            "day": start + timedelta(days=i), "region": region, "accelerator": accelerator, "pool": pool,
            "installed_gpu_ms": gpus * DAY, "lost_gpu_ms": 0, "monthly": monthly,
        }  # fmt: skip
        for name, share in shares.items():
            value = share(i) if callable(share) else share
            record[name] = None if value is None else round(value * gpus * DAY)
        found.append(record)
    return found


def day_rows(*pools: Iterable[Mapping[str, Any]]) -> Rows:
    """Rows of pool_day of several pools."""
    return rows_of([record for pool in pools for record in pool], POOL_DAY)


@dataclass(frozen=True)
class Tables:
    """Evidence over tables. What is known later than `as_of` (a column `known`) is not seen."""

    as_of: date
    tables: Mapping[str, Rows] = field(default_factory=dict)
    assumptions: Mapping[str, float] = field(default_factory=dict)
    set_limits: Mapping[tuple[str, Scope], Any] = field(default_factory=dict)
    currency: str = "RMB"
    cost_source: str = "cost_and_usage"
    confidence: float = 0.9
    asks: tuple[Ask, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    looked: list[tuple[str, Scope, Window]] = field(default_factory=list)
    lags: Mapping[str, int] = field(default_factory=dict)
    """How many days after its day a rollup is known, where it is not the next day."""
    _read: dict[tuple[str, Scope, Window], Reading] = field(init=False, repr=False, compare=False, default_factory=dict)
    _found: dict[tuple[str, Scope, Window | None], Rows] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    _once: dict[Hashable, Any] = field(init=False, repr=False, compare=False, default_factory=dict)

    def at(self, as_of: date) -> "Tables":
        """The same tables as known on another day."""
        return replace(self, as_of=as_of)

    def scopes(self, per: Sequence[str]) -> tuple[Scope, ...]:
        found: set[Scope] = set()
        for name in ("pool_day", "inventory", "published"):
            rows = self.rows(name)
            if rows.count and all(one in rows.columns for one in per):
                seen = zip(*(rows.columns[one] for one in per), strict=True)
                found |= {Scope(tuple(zip(per, one, strict=True))) for one in seen if None not in one}
        return tuple(sorted(found))

    def reading(self, metric: Metric, scope: Scope, window: Window) -> Reading:
        key = (metric.name, scope, window)
        self.looked.append(key)
        if key not in self._read:
            compute = metric.compute or ratio.read(metric)
            self._read[key] = compute(self, scope, window)
        return self._read[key]

    def rows(self, rollup: str, scope: Scope = EVERYTHING, window: Window | None = None) -> Rows:
        key = (rollup, scope, window)
        if key not in self._found:
            rows = self.tables.get(rollup, Rows())
            keep = self._keep(rows, scope, window)
            columns: dict[str, Any] = {
                name: np.asarray(values, dtype="datetime64[D]" if name == "day" else object)[keep]
                for name, values in rows.columns.items()
            }
            self._found[key] = Rows(columns, int(keep.sum()))
        return self._found[key]

    def _keep(self, rows: Rows, scope: Scope, window: Window | None) -> Any:
        keep = np.ones(rows.count, np.bool_)
        for name, value in scope.parts:
            if name in rows.columns:
                keep &= np.asarray(rows.columns[name], dtype=object) == value
        if "known" in rows.columns:
            keep &= np.asarray(rows.columns["known"], dtype="datetime64[D]") <= np.datetime64(self.as_of)
        if window is not None and rows.count:
            day = np.asarray(rows.columns["day"], dtype="datetime64[D]")
            keep &= (day >= np.datetime64(window.start)) & (day < np.datetime64(window.end))
        return keep

    def batches(self, rollup: str, window: Window | None = None) -> tuple[str, ...]:
        return (f"batch-of-{rollup}",) if self.rows(rollup, EVERYTHING, window).count else ()

    def assumption(self, name: str, scope: Scope = EVERYTHING) -> Assumption | None:  # noqa: ARG002  the same everywhere
        return Assumption(name, self.assumptions[name], "") if name in self.assumptions else None

    def limits(self, gate: str, scope: Scope) -> Any:
        return self.set_limits[gate, scope] if (gate, scope) in self.set_limits else self.set_limits[gate, EVERYTHING]

    def last_complete(self, rollup: str) -> date:
        return self.as_of - timedelta(days=self.lags.get(rollup, 1))

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        if name not in self._once:
            self._once[name] = make()
        found: T = self._once[name]
        return found

    def kept(self, name: str, inputs: Any, make: Callable[[], Any]) -> Any:
        """The same inputs are worked out once in a run of the tests, and come back as JSON brings them."""
        key = f"{name} {json.dumps(inputs, sort_keys=True)}"  # what an answer depends on is plain
        if key not in KEPT:
            KEPT[key] = json.dumps(make())
        return json.loads(KEPT[key])
