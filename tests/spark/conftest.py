"""Every rollup made once by DuckDB with Spark beside it: of the sample operator, and of the tables that tests write by hand.

Spark runs in one process with two threads. SPARK_MASTER names another: `local-cluster[2,1,512]` is a standalone cluster
with two workers, as Spark's own tests start one; its three Java machines take three times as long to warm up.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from importlib.util import find_spec
from typing import Any

import pytest

from hardgate.review.workspace import Workspace
from hardgate.rollups.build import build
from hardgate.sample import make
from tests.rollups.conftest import relation
from tests.spark import hand_made
from tests.spark.beside import Beside, Compared

AS_OF = date(2026, 9, 7)
CLOCK = datetime(2026, 11, 22)
SETTINGS = {
    "spark.driver.memory": "800m",
    "spark.executor.memory": "500m",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    # Many small queries: what compiles, plans and collects for long ones takes longer than they do.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.adaptive.enabled": "false",
    # What an operator's cluster has to be set to, too: times have no zone, and the days 0001-01-01 and 9999-12-31 of
    # files that Spark did not write are those days. With ANSI on, what does not fit is an error, as it is in DuckDB.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.ansi.enabled": "true",
}


def _absent(reason: str) -> None:
    """Skip with a reason; where CI runs these tests, they have to run."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI is set: the tests on Spark must run here")
    pytest.skip(f"{reason}: make test-spark installs it")


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A Spark session on a standalone cluster with two workers."""
    if shutil.which("java") is None:
        _absent("no Java")
    if find_spec("pyspark") is None:
        _absent("no pyspark")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(os.environ.get("SPARK_MASTER", "local[2]"))
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def of_the_sample(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Compared]:
    """What both engines made of each rollup of the sample operator."""
    folder = tmp_path_factory.mktemp("sample")
    make(folder, scale=0.25)
    workspace = Workspace.open(folder)
    workspace.ingest([], source=None, table=None, clock=CLOCK, known_at=None, dry_run=False, progress=None)
    beside = Beside(spark, tmp_path_factory.mktemp("tables"))
    with beside, workspace.lake() as lake:
        build(lake, beside, workspace.settings.rollups, folder / "beside", beside.progress, through=AS_OF)
    return beside.compared


@pytest.fixture(scope="session")
def of_tables_by_hand(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Compared]:
    """What both engines made of each rollup of the tables that tests write by hand."""
    lake = hand_made.lake()
    beside = Beside(spark, tmp_path_factory.mktemp("tables"))
    folder = tmp_path_factory.mktemp("by_hand")
    with beside:
        build(lake, beside, hand_made.settings(lake), folder, beside.progress, relation=relation)
    return beside.compared
