"""What is measured, each a function that prepares (imports, opens) and returns the work itself; runs in a process of
its own, so that nothing is warm from another.

The floor under the rollup reads and hashes the columns that the rollup reads; the floor under ingest copies the columns
that it keeps. Neither types, checks, rejects, digests or makes anything durable.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bench import feature_days, markets, orders
from bench.operator import MEMORY, POOLS, identity, input_of, make_files, write_workspace
from hardgate.sample.stream import START

Work = Callable[[], dict[str, Any]]

CLOCK = datetime(2026, 10, 1, 9)
_LAKE, _ROLLUPS = ".hardgate/lake", ".hardgate/rollups"
_READ_BY_ROLLUP = "device, cluster, field, time, value, workload, known"
_KEPT_BY_INGEST = '"UUID", "Hostname", "cluster", "pod", "time", "field_id", "value"'


def files(folder: str, rows: int) -> Work:
    """Make the telemetry files."""

    def work() -> dict[str, Any]:
        size = make_files(Path(folder), rows)
        return {"rows": size.rows, "devices": size.devices, "days": size.days, "new_day": str(size.new_day)}

    return work


def workspace(folder: str, telemetry: str, live: str | None = None) -> Work:
    """Make a workspace that reads a folder of telemetry; its pools are live from the first sample on, or a later day."""
    since = date.fromisoformat(live) if live else START.date()

    def work() -> dict[str, Any]:
        write_workspace(Path(folder), Path(telemetry), since)
        return {}

    return work


def ingest(folder: str) -> Work:
    """Ingest what hardgate.toml names."""
    from hardgate.lake.ingest import ingest as bring_in
    from hardgate.review.workspace import Workspace

    opened = Workspace.open(Path(folder))

    def work() -> dict[str, Any]:
        with opened.engine() as engine, opened.lake() as lake:
            report = bring_in(
                lake,
                engine,
                opened.settings.inputs,
                root=opened.root,
                clock=CLOCK,
                known_after=opened.settings.known_after,
            )
        return {"rows": report.rows, "rejected": report.rejected, "problems": len(report.problems)}

    return work


def copy(telemetry: str, target: str) -> Work:
    """Copy the columns that ingest keeps, file by file, from Parquet to zstd Parquet."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": MEMORY})

    def work() -> dict[str, Any]:
        rows = 0
        Path(target).mkdir()
        for path in sorted(Path(telemetry).glob("*.parquet")):
            to = Path(target) / path.name
            sql = f"copy (select {_KEPT_BY_INGEST} from '{path}') to '{to}' (format parquet, compression zstd)"
            rows += connection.execute(sql).fetchall()[0][0]
        return {"rows": rows}

    return work


def rollup(folder: str, only: Sequence[str] | None) -> Work:
    """Bring rollups up to date with the lake: some of them with those that they read, or all."""
    import duckdb  # noqa: F401  before the work, as its peers have theirs

    from hardgate.review.workspace import Workspace
    from hardgate.rollups.build import build

    opened = Workspace.open(Path(folder))

    def work() -> dict[str, Any]:
        with opened.engine() as engine, opened.lake() as lake:
            built = build(lake, engine, opened.settings.rollups, opened.root / _ROLLUPS, only=only)
        return {"days": max((len(days) for days in built.days.values()), default=0)}

    return work


def hashed(folder: str) -> Work:
    """Read and hash the columns that the rollup reads: the floor."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": MEMORY})
    samples = f"{folder}/{_LAKE}/accelerator_samples/*.parquet"

    def work() -> dict[str, Any]:
        sql = f"select count(*), bit_xor(hash({_READ_BY_ROLLUP})) from read_parquet('{samples}')"
        return {"rows": connection.execute(sql).fetchall()[0][0]}

    return work


def polars(folder: str, target: str) -> Work:
    """Make the same rollups by hand in polars, streaming."""
    import polars as pl

    from bench.in_polars import telemetry_rollups
    from bench.operator import SAMPLES_PER_HOUR

    samples = sorted(Path(folder, _LAKE, "accelerator_samples").glob("*.parquet"))
    owners = pl.DataFrame(
        {
            "cluster": [f"k8s-{at}" for at in range(POOLS)],
            "region": [f"region-{at % 4}" for at in range(POOLS)],
            "accelerator": ["H20"] * POOLS,
            "pool": [f"pool-{at}" for at in range(POOLS)],
        }
    )

    def work() -> dict[str, Any]:
        Path(target).mkdir()
        return {"rows": telemetry_rollups(samples, owners, SAMPLES_PER_HOUR, Path(target))}

    return work


def equal(folder: str, target: str) -> Work:
    """Count the rows of the two rollups, and those that only one of them has."""
    from hardgate.engine.connect import connect

    def work() -> dict[str, Any]:
        found: dict[str, Any] = {}
        with connect(memory=MEMORY) as engine:
            for name in ("pool_hour", "telemetry_day"):
                theirs = f"select * from '{target}/{name}.parquet'"
                columns = ", ".join(column for column, _ in engine.columns(theirs))
                ours = f"select {columns} from '{folder}/{_ROLLUPS}/{name}/*.parquet'"
                differ = f"(({ours}) except all ({theirs})) union all (({theirs}) except all ({ours}))"
                counts = [engine.rows(f"select count(*) from ({sql})")[0][0] for sql in (ours, differ)]
                found[f"{name}_rows"], found[f"{name}_different"] = counts
        return found

    return work


def new_day(folder: str) -> Work:
    """Ingest what is new and bring every rollup up to date, in one process, as `hardgate ingest` does."""
    from hardgate.review.workspace import Workspace

    opened = Workspace.open(Path(folder))

    def work() -> dict[str, Any]:
        done = opened.ingest((), source=None, table=None, clock=CLOCK, known_at=None, dry_run=False, progress=None)
        days = done.built.days if done.built else {}
        return {"rows": done.report.rows, "days": {name: len(made) for name, made in days.items()}}

    return work


def sample(folder: str, telemetry: str | None, scale: float) -> Work:
    """Make the sample operator, with more telemetry if there is any, and ingest it."""
    from hardgate.review.workspace import Workspace
    from hardgate.sample import make

    def work() -> dict[str, Any]:
        root = Path(folder)
        make(root, scale=scale)
        if telemetry:
            _add(root / "hardgate.toml", Path(telemetry))
        opened = Workspace.open(root)
        done = opened.ingest((), source=None, table=None, clock=CLOCK, known_at=None, dry_run=False, progress=None)
        samples = [batch.rows for batch in done.report.added if batch.table == "accelerator_samples"]
        return {"rows": sum(samples), "as_of": str(opened.settings.as_of)}

    return work


def _add(settings: Path, telemetry: Path) -> None:
    """Let a workspace read more telemetry, as of its own pools."""
    import tomllib

    text = settings.read_text(encoding="utf-8")
    pools = [one["pool"] for one in tomllib.loads(text)["pools"]]
    more = [identity(f"k8s-{at}", pools[at % len(pools)]) for at in range(POOLS)]
    settings.write_text("\n".join([text, input_of(telemetry), *more]), encoding="utf-8")


def review(folder: str, as_of: str) -> Work:
    """Hold the review from rollups that are up to date."""
    from hardgate.review.workspace import Workspace

    opened = Workspace.open(Path(folder))

    def work() -> dict[str, Any]:
        held = opened.review(date.fromisoformat(as_of))
        return {"asks": len(held.decisions), "exhibits": len(held.exhibits)}

    return work


WORKS: dict[str, Callable[..., Work]] = {
    "files": files,
    "workspace": workspace,
    "ingest": ingest,
    "copy": copy,
    "rollup": rollup,
    "hashed": hashed,
    "polars": polars,
    "equal": equal,
    "new_day": new_day,
    "sample": sample,
    "review": review,
    "order files": orders.order_files,
    "orders hashed": orders.orders_hashed,
    "orders in polars": orders.orders_polars,
    "orders equal": orders.orders_equal,
    "orders paid back": orders.orders_paid_back,
    "orders paid back in polars": orders.orders_paid_back_polars,
    "bgnbd": markets.bgnbd,
    "bgnbd in lifetimes": markets.bgnbd_lifetimes,
    "sbg": markets.sbg,
    "sbg in scipy": markets.sbg_scipy,
    "payback": markets.payback,
    "payback in numpy": markets.payback_numpy,
    "users": markets.users,
    "users hashed": markets.users_hashed,
    "readout": markets.readout,
    "feature files": feature_days.feature_files,
    "feature hashed": feature_days.feature_hashed,
    "statistics": markets.statistics,
    "statistics in tea-tasting": markets.statistics_tea,
    "statistics in gbstats": markets.statistics_gbstats,
}
