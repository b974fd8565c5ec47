"""Paths against the plain run of the same course, and what draws must keep."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hardgate.models.programme import NAMES, STILL, Levels, Programme
from hardgate.models.programme_paths import Draws, Paths, draw, simulate, stream
from hardgate.models.programme_run import run
from tests.models.test_programme import PROGRAMME

UNCERTAIN = replace(
    PROGRAMME,
    growth=0.3,
    volatility=0.25,
    price_volatility=0.15,
    correlation=0.4,
    spread=Levels(0.05, 0.03, 0.05, 0.03, 0.04, 0.06, 0.0, 0.2, 0.05),
)


def course(programme: Programme, draws: Draws, at: int) -> dict[str, np.ndarray]:
    """The plain run of one path: its levels as a centre, its factors on demand and price worked out here again."""
    z = dict(zip(NAMES, draws.levels[:, at], strict=True))
    centre = Levels(
        **{
            name: getattr(programme.centre, name) + getattr(programme.spread, name) * z[name]
            if name in {"growth", "erosion", "delay"}
            else getattr(programme.centre, name) * math.exp(getattr(programme.spread, name) * z[name])
            for name in NAMES
        }
    )
    centre = replace(centre, delay=max(centre.delay, 0.0))
    years = np.arange(programme.quarters) / 4
    walk, other = draws.demand[:, at] / 2, draws.price[:, at] / 2
    v, p, r = programme.volatility, programme.price_volatility, programme.correlation
    demand = np.exp(v * walk - v * v / 2 * years)
    price = np.exp(p * (r * walk + math.sqrt(1 - r * r) * other) - p * p / 2 * years)
    found = run(replace(programme, centre=centre), demand, price)
    return {name: getattr(found, name) for name in ("revenue", "ebita", "free_cash_flow", "cash")}


@pytest.mark.parametrize("at", [0, 5, 600, 1023])
def test_a_path_is_the_plain_run_of_its_course(at: int) -> None:
    draws = draw(8, 1024, seed=3)
    found = simulate(UNCERTAIN, draws)
    for name, line in course(UNCERTAIN, draws, at).items():
        assert getattr(found, name)[:, at] == pytest.approx(line, rel=1e-11, abs=1e-6), name


@pytest.mark.parametrize("at", [1, 5, 600, 1023])
def test_a_path_with_a_delay_of_its_own_is_the_plain_run_of_its_course(at: int) -> None:
    """Delays of 1.2 give or take 1.5 quarters: none on some paths, up to half of the horizon on others."""
    late = replace(UNCERTAIN.moved(delay=1.2), spread=replace(UNCERTAIN.spread, delay=1.5))
    draws = draw(8, 1024, seed=3)
    found = simulate(late, draws)
    for name, line in course(late, draws, at).items():
        assert getattr(found, name)[:, at] == pytest.approx(line, rel=1e-11, abs=1e-6), name


def test_without_committed_vintages_a_path_is_the_plain_run_too() -> None:
    draws, alone = draw(8, 64, seed=3), UNCERTAIN.without("hall-1")
    found = simulate(alone, draws)
    for name, line in course(alone, draws, 17).items():
        assert getattr(found, name)[:, 17] == pytest.approx(line, rel=1e-11, abs=1e-6), name


def test_half_a_quarter_late_is_between_on_time_and_a_quarter_late() -> None:
    """With certain courses, revenue half a quarter late is the mean of the two, as prices are the same."""
    draws = draw(8, 2, seed=1)
    certain = replace(PROGRAMME, demand=1e6, spread=STILL)
    on_time, half, late = (simulate(certain.moved(delay=by), draws).revenue[:, 0] for by in (0.0, 0.5, 1.0))
    assert half == pytest.approx((on_time + late) / 2)
    assert late == pytest.approx(run(certain.moved(delay=1)).revenue)


def test_mean_demand_grows_as_stated_and_moves_as_much_as_stated() -> None:
    draws = draw(8, 1 << 13, seed=5)
    one = replace(PROGRAMME, vintages=(), fees=())
    assert one.vintages == ()
    factor = np.exp(0.25 * draws.demand[-1] / 2 - 0.25**2 / 2 * 7 / 4)
    assert factor.mean() == pytest.approx(1.0, abs=2e-4)
    assert np.log(factor).std() == pytest.approx(0.25 * math.sqrt(7 / 4), abs=1e-3)


def test_the_same_seed_gives_the_same_bytes_whatever_the_threads() -> None:
    draws = draw(8, 1 << 15, seed=9)
    one, two = (simulate(UNCERTAIN, draws, threads=threads).cash.tobytes() for threads in (1, 2))
    assert one == two
    late = replace(UNCERTAIN, spread=replace(UNCERTAIN.spread, delay=1.5))
    once, again = (simulate(late, draws, threads=threads).cash.tobytes() for threads in (1, 2))
    assert once == again
    assert draw(8, 1 << 15, seed=9).demand.tobytes() == draws.demand.tobytes()
    assert draw(8, 1 << 15, seed=10).demand.tobytes() != draws.demand.tobytes()


def test_draws_of_another_horizon_are_refused() -> None:
    with pytest.raises(ValueError, match="draws of 4 quarters for a programme of 8"):
        simulate(PROGRAMME, draw(4, 2, seed=1))


def test_what_is_streamed_is_what_is_held_at_once() -> None:
    """32,768 courses in two streams of two parts each."""
    count, found = 1 << 15, np.empty((8, 1 << 15))

    def take(start: int, end: int, paths: Paths) -> None:
        found[:, start:end] = paths.cash

    stream(UNCERTAIN, count, 9, take)
    assert found.tobytes() == simulate(UNCERTAIN, draw(8, count, 9)).cash.tobytes()
    stream(UNCERTAIN, 64, 9, take)
    assert found[:, :64].tobytes() == simulate(UNCERTAIN, draw(8, 64, 9)).cash.tobytes()
    with pytest.raises(ValueError, match="power of two"):
        stream(UNCERTAIN, 100, 9, take)
