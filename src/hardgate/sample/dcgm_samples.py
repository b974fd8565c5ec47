"""DCGM samples as the exporter has them, long form: time, GPU UUID, numeric field id, value and the exporter's labels.

Every device that can be held is sampled twice an hour. A device in repair says nothing, some samples are lost, and a
region may lose whole days. A device that no pod holds shows no activity; one that is held may show hardly any.
"""

import itertools
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import add_months, month_of
from hardgate.engine.connect import Engine, connect
from hardgate.engine.portable import literal
from hardgate.sample.calendar import STEP, STEPS_A_DAY, Span
from hardgate.sample.draft import Draft
from hardgate.sample.files import TELEMETRY
from hardgate.sample.holding import Pods
from hardgate.sample.kubernetes_pods import pod_names
from hardgate.sample.operator import CUSTOMERS, NODE, Pool

SM_ACTIVE = 1002
"""The DCGM field: share of the time in which the multiprocessors have a warp resident."""

_BLOCK = STEPS_A_DAY // 6
_SELDOM_BUSY = 0.05
_LOST_SAMPLES, _LOST_HOURS = 0.002, 0.001
_ZERO = 33
"""A value in percent is one printable character from here on; a space is a sample that was lost."""

Codes = NDArray[np.uint8]
Ints = NDArray[np.int64]

_COLUMNS = (
    ("device", "integer"),
    ("uuid", "text"),
    ("gpu", "text"),
    ("model", "text"),
    ("host", "text"),
    ("cluster", "text"),
    ("namespace", "text"),
    ("pod", "text"),
    ("first", "integer"),
    ("samples", "text"),
)
"""One row a stretch of one device, one pod and one day; `samples` holds one character a half-hour."""

_SELECT = """
select
    {start} + cast((first + later) * {step} as integer) * interval 1 second as "time",
    uuid as "UUID",
    gpu as "gpu",
    model as "modelName",
    host as "Hostname",
    cluster as "cluster",
    namespace as "namespace",
    pod as "pod",
    cast({field} as integer) as "field_id",
    (2 * (ascii(samples[later + 1]) - {zero}) + 1) / 200.0 as "value"
from (select *, unnest(range(length(samples))) as later from runs where first >= {since} and first < {until})
where samples[later + 1] <> ' '
order by first + later, device
"""


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a pool's telemetry lacks or hides: the half-hours lost, and how much of what is held hardly runs."""

    lost: tuple[int, int]
    seldom_busy: float


def write_samples(draft: Draft, pools: Mapping[str, tuple[Pool, Pods]], gaps: Mapping[str, Gaps]) -> list[Path]:
    """Write one Parquet file a month with the samples of every pool."""
    target = draft.folder / TELEMETRY
    target.mkdir(parents=True, exist_ok=True)
    rows: list[tuple[int | str | None, ...]] = []
    before = 0
    for pool, pods in pools.values():
        rows.extend(_stretches(draft, pool, pods, gaps[pool.name], before))
        before += pool.gpus
    with connect() as engine:
        engine.table("runs", _COLUMNS, rows)
        return [_save(engine, target, draft.span, month) for month in _months(draft.span)]


def _months(span: Span) -> list[date]:
    """Return the first day of every month that has telemetry."""
    first = month_of(span.telemetry_start)
    return [month for month in span.months() if month >= first]


def _save(engine: Engine, target: Path, span: Span, month: date) -> Path:
    path = target / f"dcgm-{month:%Y-%m}.parquet"
    since, until = span.step_of(month), span.step_of(add_months(month, 1))
    start = literal(span.at(0))
    engine.save(_SELECT.format(start=start, step=STEP, field=SM_ACTIVE, zero=_ZERO, since=since, until=until), path)
    return path


def _stretches(draft: Draft, pool: Pool, pods: Pods, gaps: Gaps, before: int) -> Iterator[tuple[int | str | None, ...]]:
    """Yield the stretches of one pool, cut at every change of device, pod or day."""
    random, span = draft.draws("telemetry", pool.name), draft.span
    first = span.step_of(span.telemetry_start)
    holder = _holders(pool, pods, span, first)
    codes = _codes(holder, pods, random, gaps, first)
    devices = _devices(pool, span.steps - first, random)
    names = pod_names(pool, pods)
    uuids = _uuids(pool, random)
    for position in range(pool.available):
        line, held, device = codes[position].tobytes().decode(), holder[position], devices[position]
        changed = (np.diff(held) != 0) | (np.arange(1, len(held)) % STEPS_A_DAY == 0)
        cuts = np.concatenate(([0], np.flatnonzero(changed) + 1, [len(held)])).tolist()
        for begin, end in itertools.pairwise(cuts):
            at, pod = int(device[begin]), int(held[begin])
            yield (
                before + at,
                uuids[at],
                str(at % NODE),
                pool.accelerator.model,
                f"{pool.code}-n{at // NODE + 1:04d}",
                pool.cluster,
                CUSTOMERS[pods.customer[pod]].account if pod >= 0 else None,
                names[pod] if pod >= 0 else None,
                first + begin,
                line[begin:end],
            )


def _holders(pool: Pool, pods: Pods, span: Span, first: int) -> Ints:
    """Return the pod on each GPU that can be held in each half-hour, -1 where there is none."""
    holder = np.full((pool.available, span.steps - first), -1, dtype=np.int64)
    begins = -(-pods.started // STEP) - first
    ends = np.where(pods.ended < 0, span.steps, -(-pods.ended // STEP)) - first
    for pod in np.flatnonzero((pods.started >= 0) & (ends > 0)).tolist():
        place = slice(pods.first[pod], pods.first[pod] + pods.width[pod])
        holder[place, max(0, begins[pod]) : ends[pod]] = pod
    return holder


def _codes(holder: Ints, pods: Pods, random: np.random.Generator, gaps: Gaps, first: int) -> Codes:
    """Return the activity of each GPU in percent as characters; what was not exported is a space."""
    gpus, steps = holder.shape
    blocks = -(-steps // _BLOCK)
    # GPUs of one pod wait together: the draw belongs to the pod's first GPU.
    leader = np.where(holder >= 0, pods.first[holder], 0)
    hardly = _even(random, gpus, blocks) < max(gaps.seldom_busy, _SELDOM_BUSY)
    waits = hardly[leader, np.arange(steps) // _BLOCK]
    usual = random.normal(74.0, 5.0, pods.count)[holder]
    high = np.clip(usual + random.normal(0.0, 4.0, (gpus, steps)), 54.0, 92.0)
    low = random.uniform(3.0, 34.0, (gpus, steps))
    percent = np.where(holder < 0, 0.0, np.where(waits, low, high))
    codes: Codes = (np.floor(percent) + _ZERO).astype(np.uint8)
    hours = steps * STEP // 3600 + 1
    silent = (random.uniform(0.0, 1.0, (gpus, hours)) < _LOST_HOURS)[:, np.arange(steps) * STEP // 3600]
    codes[silent | (random.uniform(0.0, 1.0, (gpus, steps)) < _LOST_SAMPLES)] = ord(" ")
    codes[:, max(0, gaps.lost[0] - first) : max(0, gaps.lost[1] - first)] = ord(" ")
    return codes


def _even(random: np.random.Generator, gpus: int, blocks: int) -> NDArray[np.float64]:
    """Return draws between 0 and 1 that fill each week of a GPU evenly, so that a planted share is that share."""
    a_week = 7 * STEPS_A_DAY // _BLOCK
    order = random.uniform(0.0, 1.0, (gpus, -(-blocks // a_week), a_week)).argsort(axis=2).argsort(axis=2)
    spread: NDArray[np.float64] = ((order + 0.5) / a_week).reshape(gpus, -1)[:, :blocks]
    return spread


def _devices(pool: Pool, steps: int, random: np.random.Generator) -> Ints:
    """Return the device that stands in each place in each half-hour: each week others are in repair."""
    out, offset = [], 0
    for hall in pool.halls:
        able = hall.gpus - hall.in_repair
        places = np.repeat(np.arange(able)[:, None], steps, axis=1) + offset
        for begin in range(0, steps, 7 * STEPS_A_DAY):
            broken = random.choice(able, hall.in_repair, replace=False)
            spares = offset + able + np.arange(hall.in_repair)
            places[broken, begin : begin + 7 * STEPS_A_DAY] = spares[:, None]
        out.append(places)
        offset += hall.gpus
    return np.concatenate(out)


def _uuids(pool: Pool, random: np.random.Generator) -> list[str]:
    """Return the UUID of every device of a pool."""
    return [f"GPU-{uuid.UUID(bytes=random.bytes(16), version=4)}" for _ in range(pool.gpus)]
