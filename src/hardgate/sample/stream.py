"""Telemetry of any length, for benchmarks: rows made by SQL in bounded memory, in DCGM's long form.

Every second device is held around the clock and busy by day. Wrong as a picture of any operator.
"""

from datetime import datetime
from pathlib import Path

from hardgate.engine.connect import connect
from hardgate.engine.portable import literal
from hardgate.sample.dcgm_samples import SM_ACTIVE

START = datetime(2026, 3, 9)
"""The time of the first sample."""

# A draw is two rounds of multiplication modulo a prime of 31 bits with a shift between: it needs no state, so any row
# can be made by itself.
_DRAW = "xor({of} * 48271 % 2147483647, {of} * 48271 % 2147483647 >> 13) * 69621 % 2147483647"
_SELECT = """
select
    {start} + cast(i // {devices} * {every} as integer) * interval 1 second as "time",
    concat('GPU-', lpad(cast(i % {devices} as varchar), 8, '0')) as "UUID",
    concat('n', lpad(cast(i % {devices} // 8 as varchar), 6, '0')) as "Hostname",
    concat('k8s-', cast(i % {devices} // {per_cluster} as varchar)) as "cluster",
    case when i % 2 = 0 then concat('pod-', cast(i % {devices} // 8 as varchar)) end as "pod",
    cast({field} as integer) as "field_id",
    case when i % 2 = 0 then ({draw} % 6000 + 4000) / 10000.0 else 0.0 end as "value"
from range({first}, {last}) as made(i)
order by i
"""


_PER_FILE = 5_000_000


def telemetry(path: Path, rows: int, *, devices: int = 1024, every: int = 30, clusters: int = 8) -> list[Path]:
    """Write so many samples into a folder, one Parquet file for each five million, and return the files.

    Samples are `every` seconds apart; the span of time follows from `rows` and `devices`.

    Raises:
        ValueError: rows or devices are not positive.

    """
    if rows < 1 or devices < 1:
        message = f"rows = {rows}, devices = {devices}: expected positive numbers"
        raise ValueError(message)
    path.mkdir(parents=True, exist_ok=True)
    written = []
    with connect(memory="1GB", temp=path) as engine:
        for at, first in enumerate(range(0, rows, _PER_FILE)):
            select = _SELECT.format(
                start=literal(START),
                devices=devices,
                every=every,
                per_cluster=max(1, -(-devices // clusters)),
                field=SM_ACTIVE,
                draw=_DRAW.format(of="i"),
                first=first,
                last=min(rows, first + _PER_FILE),
            )
            written.append(path / f"dcgm-{at:04d}.parquet")
            engine.save(select, written[-1])
    return written
