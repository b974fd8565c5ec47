"""The operator that is measured: eight pools, a sample a minute of every accelerator, some weeks of history.

The files are made by `hardgate.sample.telemetry`; the day after the history lies in a file of its own, so that what one
new day costs can be measured. The same number of rows gives the same files.

>>> Size.of(1_000_000)
Size(devices=22, days=32)
>>> Size.of(1_000_000).rows
1013760
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bench.layout import HISTORY, NEW_DAY
from hardgate.engine.connect import connect
from hardgate.engine.portable import literal
from hardgate.sample import telemetry
from hardgate.sample.stream import START

POOLS = 8
SAMPLES_PER_HOUR = 60
MEMORY = "2GB"

_DAYS = 30
_A_DAY = 24 * SAMPLES_PER_HOUR
_HEAD = f"""\
currency = "RMB"

[engine]
address = "duckdb"
memory = "{MEMORY}"

[telemetry]
activity_field = 1002
active_at_least = 0.5
samples_per_hour = {SAMPLES_PER_HOUR}
enough = 0.5

[tables.accelerator_samples]
known_after = "1 days"

[[inputs]]
source = "table"
table = "capacity"
files = ["inventory.csv"]
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many accelerators are sampled for how many days."""

    devices: int
    days: int

    @classmethod
    def of(cls, rows: int) -> "Size":
        """Return the size nearest to so many rows: a month of history, of as many devices as that takes."""
        devices = max(POOLS, 2 * (rows // (_DAYS * _A_DAY * 2)))
        return cls(devices, max(2, round(rows / (devices * _A_DAY))))

    @property
    def rows(self) -> int:
        """Rows of history."""
        return self.day_rows * self.days

    @property
    def day_rows(self) -> int:
        """Rows of the new day."""
        return self.devices * _A_DAY

    @property
    def new_day(self) -> date:
        """The day after the history."""
        return START.date() + timedelta(days=self.days)


def make_files(folder: Path, rows: int) -> Size:
    """Write the history and the new day as Parquet files below a folder, unless they are there."""
    size = Size.of(rows)
    if (folder / "done").exists():
        return size
    history = folder / HISTORY
    written = telemetry(history, size.rows + size.day_rows, devices=size.devices, every=60, clusters=POOLS)
    _part(written, folder / NEW_DAY, size.new_day)
    (folder / "done").touch()
    return size


def _part(written: list[Path], target: Path, day: date) -> None:
    """Take a last day out of some files, in their order of time, into one of its own."""
    target.mkdir()
    cut = f"""where "time" {{}} timestamp '{day} 00:00:00' order by "time", "UUID\""""
    with connect(memory=MEMORY, temp=target) as engine:
        every = ", ".join(literal(str(path)) for path in written)
        engine.save(f"select * from read_parquet([{every}]) {cut.format('>=')}", target / "dcgm-new.parquet")
        for path in reversed(written):
            where = f"read_parquet({literal(str(path))})"
            first, last = engine.rows(f"""select min("time"), max("time") from {where}""")[0]
            if last.date() < day:
                break
            if first.date() < day:
                engine.save(f"select * from {where} {cut.format('<')}", path)
            else:
                path.unlink()


def write_workspace(folder: Path, files: Path, live: date) -> None:
    """Write a workspace that reads some folders of telemetry, and an inventory of its pools, live from a day on."""
    folder.mkdir(parents=True)
    parts = [_HEAD, input_of(files), *(_pool(f"k8s-{at}", f"pool-{at}") for at in range(POOLS))]
    (folder / "hardgate.toml").write_text("\n".join(parts), encoding="utf-8")
    halls = "".join(f"hall-{at},pool-{at},4096,{live},{live}\n" for at in range(POOLS))
    (folder / "inventory.csv").write_text(f"asset,pool,gpus,ordered_on,live_date\n{halls}", encoding="utf-8")


def input_of(folder: Path) -> str:
    """Return the input that reads a folder of telemetry."""
    return f'[[inputs]]\nsource = "dcgm"\nfiles = ["{folder.resolve()}/*.parquet"]\n'


def _pool(cluster: str, pool: str) -> str:
    return f'[[pools]]\npool = "{pool}"\nregion = "region-{int(pool[-1]) % 4}"\naccelerator = "H20"\n' + identity(
        cluster, pool
    )


def identity(cluster: str, pool: str) -> str:
    """Return the rule that telemetry of a cluster is of a pool."""
    return (
        f'[[identities]]\ntable = "accelerator_samples"\ncolumn = "cluster"\nrule = "exact"\n'
        f'match = "{cluster}"\npool = "{pool}"\n'
    )
