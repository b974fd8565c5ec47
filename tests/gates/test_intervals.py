from dataclasses import replace
from datetime import date, timedelta

import pytest

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Outcome, Reading
from hardgate.gates.intervals import AT_LEAST, AT_MOST, compare, limit, shifted, slack

WINDOW = Window(date(2026, 7, 13), date(2026, 9, 7))


def reading(low: float | None, value: float | None, high: float | None, **more: object) -> Reading:
    return replace(Reading("m", EVERYTHING, WINDOW, "share", value, low, high), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "sense", "expected"),
    [
        (0.75, 0.85, AT_LEAST, Outcome.PASS),
        (0.74, 0.85, AT_LEAST, Outcome.HOLD),
        (0.60, 0.75, AT_LEAST, Outcome.HOLD),
        (0.60, 0.74, AT_LEAST, Outcome.FAIL),
        (0.60, 0.75, AT_MOST, Outcome.PASS),
        (0.60, 0.76, AT_MOST, Outcome.HOLD),
        (0.75, 0.85, AT_MOST, Outcome.HOLD),
        (0.76, 0.85, AT_MOST, Outcome.FAIL),
        (0.75, 0.75, AT_LEAST, Outcome.PASS),
        (0.75, 0.75, AT_MOST, Outcome.PASS),
    ],
)
def test_the_whole_interval_clears_misses_or_straddles_and_equality_passes(
    low: float, high: float, sense: str, expected: Outcome
) -> None:
    at = limit("g.l", EVERYTHING, WINDOW, 0.75)
    assert compare(reading(low, (low + high) / 2, high), at, sense, allowed=0.05)[0] is expected


@pytest.mark.parametrize(
    ("low", "high", "sense", "expected"),
    [
        (0.74, 0.80, AT_LEAST, Outcome.PASS),
        (0.70, 0.80, AT_LEAST, Outcome.HOLD),
        (0.50, 0.63, AT_LEAST, Outcome.HOLD),
        (0.50, 0.62, AT_LEAST, Outcome.FAIL),
        (0.50, 0.63, AT_MOST, Outcome.PASS),
        (0.75, 0.80, AT_MOST, Outcome.FAIL),
    ],
)
def test_a_computed_limit_is_an_interval_too(low: float, high: float, sense: str, expected: Outcome) -> None:
    trigger = reading(0.63, 0.69, 0.74)
    assert compare(reading(low, (low + high) / 2, high), trigger, sense, allowed=0.05)[0] is expected


def test_without_evidence_for_the_limit_nothing_is_decided() -> None:
    trigger = reading(None, None, None, because="11 months of demand, at least 12 are needed")
    outcome, why = compare(reading(0.9, 0.9, 0.9), trigger, AT_LEAST, allowed=0.05)
    assert (outcome, why) == (Outcome.UNKNOWN, "the limit is unknown: 11 months of demand, at least 12 are needed")


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (reading(None, None, None, because="no rows"), "no rows"),
        (reading(0.8, None, 0.9, because="no telemetry"), "only bounds are known: no telemetry"),
        (reading(0.8, 0.85, 0.9, missing=0.051, because="a: 2 days"), "5.1 % is missing, more than 5.0 %: a: 2 days"),
        (reading(0.8, 0.85, 0.9, missing=0.05004, because="a"), "5.004 % is missing, more than 5.000 %: a"),
        (
            reading(
                0.8, 0.85, 0.9, whole_days_missing=(date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 5)), because="a"
            ),
            "3 of 56 days are missing: a",
        ),
        (
            reading(0.70, 0.72, 0.80, missing=0.04, bounds=(0.72, 0.76), because="gap"),
            "what is missing could decide it: gap",
        ),
    ],
)
def test_what_was_not_seen_is_unknown(found: Reading, why: str) -> None:
    at = limit("g.l", EVERYTHING, WINDOW, 0.75)
    assert compare(found, at, AT_LEAST, allowed=0.05) == (Outcome.UNKNOWN, why)


def test_one_lost_day_of_eight_weeks_is_allowed_by_five_percent_and_not_by_none() -> None:
    at = limit("g.l", EVERYTHING, WINDOW, 0.75)
    found = reading(0.80, 0.85, 0.9, missing=0.018, whole_days_missing=(date(2026, 8, 3),), bounds=(0.83, 0.86))
    assert compare(found, at, AT_LEAST, allowed=0.05)[0] is Outcome.PASS
    assert compare(found, at, AT_LEAST, allowed=0.0)[0] is Outcome.UNKNOWN


def test_a_reading_open_above_can_clear_at_least_and_never_miss_it() -> None:
    at = limit("g.l", EVERYTHING, WINDOW, 0.75)
    assert compare(reading(0.80, 0.82, None), at, AT_LEAST, allowed=0.05)[0] is Outcome.PASS
    assert compare(reading(0.50, 0.52, None), at, AT_LEAST, allowed=0.05)[0] is Outcome.HOLD
    assert compare(reading(0.80, 0.82, None), at, AT_MOST, allowed=0.05)[0] is Outcome.FAIL


def test_a_limit_known_on_one_side_can_still_decide_on_that_side() -> None:
    at_most_90 = reading(None, None, 0.90, because="the margin is not known")
    assert compare(reading(0.92, 0.93, 0.94), at_most_90, AT_LEAST, allowed=0.05) == (Outcome.PASS, "")
    outcome, why = compare(reading(0.52, 0.53, 0.54), at_most_90, AT_LEAST, allowed=0.05)
    assert (outcome, why) == (Outcome.UNKNOWN, "the limit is known on one side only: the margin is not known")


def test_a_trigger_that_never_fires_is_missed_by_everything() -> None:
    never = reading(float("inf"), float("inf"), float("inf"))
    assert compare(reading(0.98, 0.99, 1.0), never, AT_LEAST, allowed=0.05)[0] is Outcome.FAIL


def test_slack_is_in_the_unit_of_the_metric_and_in_units_of_its_noise() -> None:
    at = limit("g.l", EVERYTHING, WINDOW, 0.75)
    distance, noise = slack(reading(0.64, 0.66, 0.68), at, AT_LEAST)
    assert (round(distance or 0, 6), round(noise or 0, 6)) == (-0.09, -4.5)
    assert slack(reading(0.80, 0.80, 0.80), at, AT_MOST) == (-0.05, None)
    assert slack(reading(None, None, None), at, AT_LEAST) == (None, None)


def test_slack_to_a_computed_limit_is_to_the_edge_that_decides() -> None:
    trigger = reading(0.63, 0.69, 0.74)
    assert slack(reading(0.78, 0.80, 0.82), trigger, AT_LEAST)[0] == pytest.approx(0.06)
    assert slack(reading(0.58, 0.60, 0.62), trigger, AT_MOST)[0] == pytest.approx(0.03)


def test_a_band_makes_staying_easier_than_entering_on_both_sides() -> None:
    at = limit("g.l", EVERYTHING, WINDOW, 0.75)
    assert (shifted(at, 0.02, AT_LEAST).high, shifted(at, 0.02, AT_MOST).low) == (0.73, 0.77)
    assert shifted(at, 0.0, AT_LEAST) is at


def test_the_window_of_a_limit_is_that_of_its_gate() -> None:
    at = limit("g.l", EVERYTHING, WINDOW, 0.75)
    assert (at.window.days, at.exact, at.window.end - timedelta(days=1)) == (56, True, date(2026, 9, 6))


def test_the_least_that_is_missing_is_not_said_to_be_nothing() -> None:
    """One order of 7,000 is 0.014 %: "0.0 % is missing, more than 0.0 %" says nothing."""
    at = limit("g.l", EVERYTHING, WINDOW, 0.75)
    for missing, said in ((1 / 7_000, "0.01 % is missing, more than 0.00 %"), (1e-6, "0.0001 % is missing")):
        assert compare(reading(0.8, 0.85, 0.9, missing=missing), at, AT_LEAST, allowed=0)[1].startswith(said)
