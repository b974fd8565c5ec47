"""What breaks a series of levels, and what is only growth."""

import random

from hardgate.models.level_breaks import Breaks, find

CLOUD = [2.18, 2.28, 2.37, 2.49, 2.58, 2.71, 2.80, 2.95]


def test_one_value_that_its_neighbours_contradict_is_lone() -> None:
    assert find([*CLOUD[:4], 1.1, *CLOUD[5:]]) == Breaks(lone=(4,), steps=())


def test_a_level_that_stays_is_a_step_and_its_values_are_used() -> None:
    assert find([*CLOUD, *(one * 0.6 for one in CLOUD)]) == Breaks(lone=(), steps=(8,))


def test_a_step_that_grows_back_a_little_is_still_a_step() -> None:
    """Oracle's line, recut: 11.698 to 7.186, then 7.977."""
    series = [9.55, 9.64, 9.96, 10.23, 10.52, 10.81, 11.01, 11.70, 7.186, 7.977, 8.914]
    assert find(series).steps == (8,)


def test_a_derived_value_is_doubted_sooner_than_a_stated_one() -> None:
    series = [*CLOUD, 2.75]
    assert find(series) == Breaks()
    assert find(series, [False] * 8 + [True]).lone == (8,)


def test_growth_of_any_steady_pace_is_no_break() -> None:
    for pace in (0.9, 1.0, 1.05, 1.3, 2.0):
        assert find([10 * pace**at for at in range(12)]) == Breaks()


def test_noise_alone_is_rarely_a_break() -> None:
    """At four robust deviations of eleven changes: fewer than one series in ten of this noise."""
    draw = random.Random(7)  # noqa: S311  a test's noise
    flagged = 0
    for _ in range(300):
        level, series = 10.0, []
        for _ in range(12):
            level *= 1 + draw.gauss(0.03, 0.02)
            series.append(level)
        flagged += find(series) != Breaks()
    assert flagged < 30


def test_too_few_values_and_values_below_nothing_say_nothing() -> None:
    assert find([1.0, 9.0, 1.0]) == find([1, 2, 3, -4, 5, 6, 7]) == Breaks()
