"""Real demand, as its owners published it: what a day takes the place of a month for, and what is assumed.

Clusters are known for weeks and not for years, so that a period is a day: a tranche is what could be rented for one or
two weeks and asked for every day. Capacity is known for Helios alone; elsewhere the position is assumed to have been
held at 80 % on average until the first review. Cloud revenue of six firms (AMZN, BABA, GDS, GOOGL, MSFT, ORCL) by
quarter stands for demand that is slow and grows: it is scaled to 80 % of 1,000 GPUs at the first review. None of the
tables is here: `load` reads them from a folder.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from bench.regret.fleets import GPUS, Fleet
from bench.regret.study import Cell

Floats = NDArray[np.float64]

FILLED = 0.80
"""Assumed where no capacity is known: demand over position, on average until the first review."""
DAYS_A_YEAR, QUARTERS_A_YEAR = 365, 4
MARGINS, TRANCHES = (1.5, 2.5, 5.0), (0.125, 0.5)
HELIOS = "Helios, 8 clusters by day"
OPENB = "openb, 6 kinds of pods by day"
PHILLY = "Philly, 11 clusters by day"
CLOUD = "cloud revenue, 6 firms by quarter"
SOURCES = {
    HELIOS: "Helios Earth, May 2020: running and pending GPUs by minute, capacity as it was (S-Lab, Nanyang)",
    OPENB: "Alibaba openb, 2023: pods by the model that they ask for, days 117 to 148; capacity assumed",
    PHILLY: "Microsoft Philly, 2017: jobs from their timestamp on, 25 September to 21 December; capacity assumed",
    CLOUD: "filings, cloud revenue in USD bn, 2020Q1 to 2025Q4: six firms; scaled, capacity assumed",
}
LEADS_AND_LIFE: dict[str, tuple[tuple[int, int], int]] = {
    HELIOS: ((1, 3), 7), OPENB: ((1, 3), 7), PHILLY: ((1, 7), 14), CLOUD: ((2, 4), 8),
}  # fmt: skip
"""Periods until it is live, and of its life."""


def cells(name: str) -> list[Cell]:
    """Return the grid of one of SOURCES."""
    leads, life = LEADS_AND_LIFE[name]
    return [Cell(margin, lead, share, life) for margin in MARGINS for lead in leads for share in TRANCHES]


def load(folder: Path) -> list[Fleet]:
    """Read every fleet from a folder with the tables.

    Raises:
        FileNotFoundError: a table is not there.

    """
    return [read(folder) for read in READERS.values()]


def helios(folder: Path) -> Fleet:
    """Eight clusters, 31 days; two weeks are known before the first review, and a week of reviews follows."""
    path = _there(folder / "capacity" / "helios_earth_vc_minute_8vc.parquet")
    sql = f"select vc, avg(running_gpu_num + pending_gpu_num) as asked, max(total_gpu_num) as there, {{}} from '{path}'"
    found = duckdb.execute(sql.format("time::date as day") + " group by vc, day order by vc, day").fetchnumpy()
    pools = len(set(found["vc"].tolist()))
    demand, there = (found[name].reshape(pools, -1).astype(np.float64) for name in ("asked", "there"))
    return Fleet(HELIOS, demand, there[:, 0], tuple(range(14, 22)), demand.shape[1] - 14, DAYS_A_YEAR)


def openb(folder: Path) -> Fleet:
    """Pods from creation to deletion, those that were never scheduled too: what they ask for, by day and model."""
    path, first, last = _there(folder / "capacity" / "alibaba_openb_pods_gpuspec33.parquet"), 117, 149
    kind = "case when gpu_spec is null then 'any' when gpu_spec like '%|%' then 'several' else gpu_spec end"
    rows = duckdb.execute(
        f"select {kind} as kind, creation_time / 86400, deletion_time / 86400, num_gpu * gpu_milli / 1000 "
        f"from '{path}' where num_gpu > 0"
    ).fetchall()
    names = ("any", "several", "T4", "G2", "P100", "G3")
    demand = _by_day([row for row in rows if row[0] in names], names, first, last)
    return _assumed(OPENB, demand, range(14, 22))


def philly(folder: Path) -> Fleet:
    """Jobs from their timestamp for as long as they took, by day and cluster; four weeks are known before the first review."""
    path = _there(folder / "capacity" / "philly_jobs.parquet")
    start = "date '2017-09-25'"
    seconds = f"epoch(timestamp) - epoch({start}::timestamp)"
    rows = duckdb.execute(
        f"select cluster, ({seconds}) / 86400, ({seconds} + duration) / 86400, num_gpus from '{path}'"
    ).fetchall()
    large = duckdb.execute(f"select cluster from '{path}' group by 1 having count(*) > 100 order by 1").fetchall()
    names = tuple(one for (one,) in large)
    demand = _by_day([row for row in rows if row[0] in names], names, 0, 88)
    return _assumed(PHILLY, demand, range(28, 67))


def cloud(folder: Path) -> Fleet:
    """Revenue of six firms, 24 quarters; twelve are known before the first review, which comes each quarter."""
    path = _there(folder / "finance" / "hyperscaler_quarterly.parquet")
    found = duckdb.execute(
        f"select usd_bn from '{path}' where metric = 'cloud_revenue' and calendar_quarter between '2020Q1' and '2025Q4'"
        " and ticker in ('AMZN', 'BABA', 'GDS', 'GOOGL', 'MSFT', 'ORCL') order by ticker, calendar_quarter"
    ).fetchnumpy()["usd_bn"]
    reviews, revenue = range(12, 20), np.asarray(found, dtype=np.float64).reshape(6, 24)
    demand = GPUS * FILLED * revenue / revenue[:, reviews[0] - 1 : reviews[0]]
    return Fleet(CLOUD, demand, np.full(6, GPUS), tuple(reviews), 24 - reviews[0], QUARTERS_A_YEAR)


def _assumed(name: str, demand: Floats, reviews: range) -> Fleet:
    position = demand[:, : reviews[0]].mean(axis=1) / FILLED
    return Fleet(name, demand, position, tuple(reviews), demand.shape[1] - reviews[0], DAYS_A_YEAR)


def _by_day(rows: list[Any], names: tuple[str, ...], first: int, last: int) -> Floats:
    """Return the mean GPUs of each day from intervals (name, from, to, GPUs) in days; shape (names, days)."""
    days = np.arange(first, last)
    found = np.zeros((len(names), days.size))
    for name, start, end, gpus in rows:
        inside = np.minimum(end, days + 1) - np.maximum(start, days)
        found[names.index(name)] += float(gpus) * np.maximum(inside, 0.0)
    return found


def _there(path: Path) -> Path:
    if not path.is_file():
        message = f"{path} is not there: bring the published table"
        raise FileNotFoundError(message)
    return path


READERS: dict[str, Callable[[Path], Fleet]] = {HELIOS: helios, OPENB: openb, PHILLY: philly, CLOUD: cloud}
