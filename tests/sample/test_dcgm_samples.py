"""What the telemetry says, counted in the files themselves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardgate.engine.connect import Engine, connect
from hardgate.sample import PLANTS
from hardgate.sample.operator import pools


@pytest.fixture(scope="module")
def engine(small: Path) -> Iterator[Engine]:
    with connect() as opened:
        opened.files("samples", sorted((small / "data/telemetry").glob("*.parquet")))
        yield opened


def busy(engine: Engine, cluster: str) -> float:
    """Return the share of held samples of the last eight weeks with activity of at least a half."""
    return float(
        engine.rows(
            """select avg(case when value >= 0.5 then 1.0 else 0.0 end) from samples
            where cluster = ? and pod is not null and "time" >= timestamp '2026-07-13'""",
            [cluster],
        )[0][0]
    )


def test_every_gpu_that_can_be_held_is_sampled_twice_an_hour(engine: Engine) -> None:
    found = dict(
        engine.rows(
            """select cluster, count(*) / (7.0 * 48) from samples
            where "time" >= timestamp '2026-08-31' group by cluster"""
        )
    )
    for pool in pools(0.25):
        assert float(found[pool.cluster]) == pytest.approx(pool.available, rel=0.01)


def test_a_device_is_sampled_at_most_once_at_a_time(engine: Engine) -> None:
    assert engine.rows('select count(*) from (select 1 from samples group by "UUID", "time" having count(*) > 1)') == [
        (0,)
    ]


def test_the_lost_week_has_no_sample_of_its_region_and_all_of_the_others(engine: Engine) -> None:
    days = engine.rows(
        """select distinct cast("time" as date) as day, cluster from samples
        where "time" >= timestamp '2026-07-13'"""
    )
    lost = {day for day, cluster in days if cluster == "k8s-cnn-h20"} - {
        day for day, cluster in days if cluster == "k8s-aps-h200"
    }
    assert sorted(map(str, lost)) == [f"2026-08-{at:02d}" for at in range(3, 10)]
    assert len({day for day, cluster in days if cluster == "k8s-cnw-l20"}) == 56


def test_held_gpus_of_one_region_hardly_run(engine: Engine) -> None:
    declared = PLANTS["idle_allocation"].strength
    for cluster in ("k8s-cne-h20", "k8s-cne-l20"):
        assert busy(engine, cluster) == pytest.approx(1 - declared, abs=0.01)
    for cluster in ("k8s-cnn-h20", "k8s-cnw-h20", "k8s-aps-h200"):
        assert busy(engine, cluster) == pytest.approx(0.95, abs=0.01)


def test_an_idle_device_shows_no_activity_and_names_no_pod(engine: Engine) -> None:
    assert engine.rows("select max(value), count(*) > 0 from samples where pod is null") == [(0.005, True)]


def test_a_plant_has_the_strength_it_is_given_or_is_gone(bare: Path, other: Path) -> None:
    for folder, expected in ((bare, 0.95), (other, 0.70)):
        with connect() as engine:
            engine.files("samples", sorted((folder / "data/telemetry").glob("*.parquet")))
            assert busy(engine, "k8s-cne-h20") == pytest.approx(expected, abs=0.01)


def test_removed_the_lost_week_is_there(bare: Path) -> None:
    with connect() as engine:
        engine.files("samples", [bare / "data/telemetry/dcgm-2026-08.parquet"])
        found = engine.rows(
            """select count(*) from samples where cluster = 'k8s-aps-h200'
            and "time" >= timestamp '2026-08-03' and "time" < timestamp '2026-08-10'"""
        )
    assert found[0][0] == pytest.approx(16 * 7 * 48, rel=0.01)
