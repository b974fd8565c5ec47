"""A registered feature from its first look to its deadline, and what makes its registration void."""

from datetime import date, timedelta
from typing import Any

import pytest

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Outcome, Rows, Scope, Verdict
from hardgate.gates.judge import Rule, judge, periods_of
from hardgate.markets import kill
from hardgate.metrics.feature_effect import metric as feature_effect
from hardgate.metrics.readout import Readout, readout
from hardgate.metrics.registration import Registration, registration
from hardgate.review.proposals.features import proposal
from tests.capacity.world import TODAY
from tests.evidence import Tables, rows_of
from tests.markets.world import TABLES

SCOPE = Scope.of(feature="f")
EXPERIMENT, SUMS, SHOWN = TABLES["experiment"], TABLES["feature_day"], TABLES["exposure_day"]
FIRST: date = EXPERIMENT.columns["starts_on"][0]
LAST: date = EXPERIMENT.columns["ends_on"][0]


def world(
    as_of: date = TODAY, *, experiment: Rows = EXPERIMENT, feature_day: Rows = SUMS, exposure_day: Rows = SHOWN
) -> Tables:
    tables = {"experiment": experiment}
    for name, rows in (("feature_day", feature_day), ("exposure_day", exposure_day)):
        dated = [day + timedelta(days=1) for day in rows.columns["day"]]
        tables[name] = Rows({**rows.columns, "known": dated}, rows.count)
    return Tables(as_of, tables, {}, {(kill.gate.name, EVERYTHING): kill.gate.limits})


def registered(**columns: Any) -> Rows:
    return Rows({**EXPERIMENT.columns, **{name: [value] * 2 for name, value in columns.items()}}, 2)


def lifted(by: float, *, orders: float = 1.0) -> Rows:
    """The sums with another effect: treated baskets and order counts times something."""
    columns = SUMS.columns
    means = []
    for i in range(SUMS.count):
        control = columns["numerator_mean"][i] / (
            1.1 if columns["arm"][i] == "treated" and columns["metric"][i] == "basket_value" else 1
        )
        factor = {"basket_value": by, "orders_per_customer": orders}[columns["metric"][i]]
        means.append(control * (factor if columns["arm"][i] == "treated" else 1))
    return Rows({**columns, "numerator_mean": means}, SUMS.count)


def verdict(evidence: Tables) -> Verdict:
    days = periods_of(evidence, kill.gate, SCOPE)
    return judge(kill.gate, None, SCOPE, evidence.at, days, Rule(), kill.gate.limits)


def seen(evidence: Tables) -> Readout:
    found = readout(evidence, "f")
    assert isinstance(found, Readout)
    return found


def test_a_feature_that_works_is_kept() -> None:
    found = verdict(world())
    assert found.outcome is Outcome.PASS
    assert seen(world()).looks_done == 4
    assert "registration" in found.judged[0].reading.because


def test_before_the_first_look_nothing_is_decided() -> None:
    evidence = world(FIRST + timedelta(days=5))
    assert (seen(evidence).looks_done, seen(evidence).next_look) == (0, FIRST + timedelta(days=6))
    assert verdict(evidence).outcome is Outcome.HOLD


def test_a_feature_that_moves_nothing_waits_and_dies_at_its_deadline() -> None:
    evidence = world(LAST - timedelta(days=12), feature_day=lifted(1.01))
    assert verdict(evidence).outcome is Outcome.HOLD
    late = world(LAST, feature_day=lifted(1.01))
    assert verdict(late).outcome is Outcome.FAIL
    assert verdict(late).judged[3].outcome is Outcome.FAIL


def test_a_feature_that_can_no_longer_reach_its_effect_dies_early() -> None:
    evidence = world(LAST - timedelta(days=5), feature_day=lifted(0.9))
    found = verdict(evidence)
    assert found.outcome is Outcome.FAIL
    assert found.judged[1].outcome is Outcome.FAIL
    assert found.judged[3].outcome is Outcome.PASS


def test_a_guardrail_that_is_harmed_stops_what_works() -> None:
    found = verdict(world(feature_day=lifted(1.1, orders=0.7)))
    assert (found.judged[0].outcome, found.judged[2].outcome) == (Outcome.PASS, Outcome.FAIL)


def test_a_guardrail_stands_beside_the_harm_that_it_may_bear() -> None:
    """orders_per_customer may lose 10 %; it falls by some percent for sure, and by less than that."""
    built = kill.exhibit.build(world(feature_day=lifted(1.1, orders=0.96)))
    guard = seen(world(feature_day=lifted(1.1, orders=0.96))).guardrails[0]
    assert guard.low is not None
    assert guard.high is not None
    assert guard.low > -0.1
    assert guard.high < 0
    assert built.rows[0][5] == f"orders_per_customer [{100 * guard.low:.1f}, {100 * guard.high:.1f}], may lose 10"
    falls = f"{-100 * guard.high:.1f} to {-100 * guard.low:.1f} %"
    assert built.notes[0] == f"f: orders_per_customer falls by {falls}, less than the 10 % that it may lose"
    assert built.notes[1:] == ("intervals hold at 95 % over all looks together",)
    assert kill.exhibit.build(world()).notes == built.notes[1:]


def test_a_void_feature_has_the_guardrail_that_was_registered() -> None:
    rows = registered(stated_on=FIRST + timedelta(days=3))
    built = kill.exhibit.build(world(experiment=rows))
    assert built.rows[0][5] == "orders_per_customer not read, may lose 10"
    alone = Rows({name: values[:1] for name, values in EXPERIMENT.columns.items()}, 1)
    assert kill.exhibit.build(world(experiment=alone)).rows[0][5] == "none is registered"


def test_a_change_after_the_first_exposure_voids_the_registration() -> None:
    changed = {name: [*values, values[0]] for name, values in EXPERIMENT.columns.items()}
    changed["day"][-1] = FIRST + timedelta(days=10)
    changed["minimum_effect"][-1] = 0.01
    evidence = world(experiment=Rows(changed, 3))
    assert "after the first exposure" in seen(evidence).refused
    assert verdict(evidence).outcome is Outcome.FAIL
    assert verdict(world(LAST - timedelta(days=3), experiment=Rows(changed, 3))).outcome is Outcome.UNKNOWN


def test_a_change_in_place_after_the_first_exposure_voids_it_too() -> None:
    found = registration(world(experiment=registered(stated_on=FIRST + timedelta(days=3))), "f")
    assert isinstance(found, Registration)
    assert found.void.startswith("void: changed in place")


def piloted(*days: date) -> Rows:
    """Those who were shown an arm, and one more on each of these days."""
    more = [{"day": day, "feature": "f", "arm": "treated", "exposures": 1} for day in days]
    return rows_of([*SHOWN.records(), *more], list(SHOWN.columns))


@pytest.mark.parametrize("before", [1, 9, 100])
def test_a_registration_made_after_anyone_saw_an_arm_is_void_whatever_its_window(before: int) -> None:
    """Its window is still to come, and everyone whom it counts comes in it: what was seen before could be chosen from."""
    day: date = EXPERIMENT.columns["day"][0]
    assert day < FIRST
    pilot = day - timedelta(days=before)
    evidence = world(exposure_day=piloted(pilot))
    said = f"void: registered anew on {day}, after the first exposure on {pilot}"
    assert seen(evidence).refused == said
    assert kill.exhibit.build(evidence).notes[0] == f"f: {said}"
    found = evidence.reading(feature_effect, SCOPE, Window(FIRST, LAST))
    assert found.value is None
    assert "under a name of its own" in found.because
    assert verdict(evidence).outcome is Outcome.FAIL


def test_a_change_between_a_pilot_and_the_window_is_void() -> None:
    pilot = FIRST - timedelta(days=2)
    changed = registered(stated_on=FIRST - timedelta(days=1))
    assert seen(world(experiment=changed)).refused == ""
    refused = seen(world(experiment=changed, exposure_day=piloted(pilot))).refused
    assert refused == f"void: changed in place on {FIRST - timedelta(days=1)}, after the first exposure on {pilot}"


def test_a_pilot_that_was_registered_before_is_named_and_voids_nothing() -> None:
    pilot = FIRST - timedelta(days=1)
    evidence = world(exposure_day=piloted(pilot))
    assert verdict(evidence).outcome is Outcome.PASS
    assert f"f: shown from {pilot} on; who saw it before its window began on {FIRST} is not counted" in (
        kill.exhibit.build(evidence).notes
    )
    assert seen(world(pilot, exposure_day=piloted(pilot))).registered.first_exposure is None
    assert seen(world(FIRST, exposure_day=piloted(pilot))).registered.first_exposure == pilot


def test_a_registration_that_came_after_its_window_began_is_void() -> None:
    """Where exposures are exported from its own day on, that day would pass for that of the first exposure."""
    late = FIRST + timedelta(days=5)
    kept = [i for i, day in enumerate(SUMS.columns["day"]) if day >= late]
    since = Rows({name: [values[i] for i in kept] for name, values in SUMS.columns.items()}, len(kept))
    shown = rows_of([one for one in SHOWN.records() if one["day"] >= late], list(SHOWN.columns))
    evidence = world(experiment=registered(day=late), feature_day=since, exposure_day=shown)
    assert seen(evidence).refused == f"void: registered on {late}, after its window began on {FIRST}"
    found = evidence.reading(feature_effect, SCOPE, Window(FIRST, LAST))
    assert found.value is None
    assert "register it anew" in found.because
    assert seen(world(experiment=registered(day=FIRST))).refused == ""


def at_first_look(**columns: float) -> Rows:
    """The sums with something else of both arms and metrics up to the first look."""
    first = FIRST + timedelta(days=(LAST - FIRST).days // 4)
    when = SUMS.columns["day"]
    changed = {
        name: [value if day < first else one for day, one in zip(when, SUMS.columns[name], strict=True)]
        for name, value in columns.items()
    }
    return Rows({**SUMS.columns, **changed}, SUMS.count)


@pytest.mark.parametrize(
    "sums",
    [
        at_first_look(numerator_mean=1.0, denominator_mean=1.0, numerator_variance=0.0, denominator_variance=0.0,
                      covariance=0.0),
        at_first_look(units=29, numerator_variance=1e-9, denominator_variance=0.0, covariance=0.0),
    ],
)  # fmt: skip
def test_a_look_at_which_nobody_differs_or_few_are_there_is_none(sums: Rows) -> None:
    """One order each gave [0, 0] for ever: the later looks decide, as if the first had not been."""
    second = FIRST + timedelta(days=(LAST - FIRST).days // 4)
    for early in (world(second, feature_day=sums), world(second + timedelta(days=1), feature_day=sums)):
        assert [(one.low, one.high) for one in (*seen(early).primary, *seen(early).guardrails)] == [(None, None)] * 2
    told, plain = seen(world(feature_day=sums)), seen(world())
    for one, other in zip((*told.primary, *told.guardrails), (*plain.primary, *plain.guardrails), strict=True):
        assert one.low is not None
        assert one.high is not None
        assert one.high - one.low == pytest.approx((other.high or 0) - (other.low or 0), rel=0.02)
    assert told.kept


def test_a_change_before_anyone_saw_it_is_a_change_and_no_more() -> None:
    changed = {name: [*values, values[0]] for name, values in EXPERIMENT.columns.items()}
    changed["day"][-1] = FIRST - timedelta(days=1)
    changed["minimum_effect"][-1] = 0.01
    one, other = (registration(world(experiment=rows), "f") for rows in (EXPERIMENT, Rows(changed, 3)))
    assert isinstance(one, Registration)
    assert isinstance(other, Registration)
    assert other.void == ""
    assert one.digest != other.digest


def test_an_uneven_split_is_looked_at_before_anything_else() -> None:
    units = [
        round(one * 1.2) if arm == "treated" else one
        for one, arm in zip(SUMS.columns["units"], SUMS.columns["arm"], strict=True)
    ]
    found = seen(world(feature_day=Rows({**SUMS.columns, "units": units}, SUMS.count)))
    assert "a split this uneven" in found.refused
    assert not found.kept


def test_a_density_is_not_a_matter_of_customers() -> None:
    rows = Rows({**EXPERIMENT.columns, "metric": ["delivery_density", "orders_per_customer"]}, 2)
    found = registration(world(experiment=rows), "f")
    assert isinstance(found, Registration)
    assert "randomise zone x time" in found.void


def test_an_open_window_is_read_with_an_interval_that_holds_always() -> None:
    wide, narrow = seen(world(experiment=registered(open_ended=True))).best, seen(world()).best
    assert wide is not None
    assert narrow is not None
    assert wide.low is not None
    assert narrow.low is not None
    assert wide.low < narrow.low < wide.value
    late = verdict(world(LAST + timedelta(days=60), experiment=registered(open_ended=True)))
    assert late.judged[3].outcome is Outcome.PASS


def test_of_two_primary_metrics_the_stronger_has_half_of_the_false_alarms() -> None:
    alone, both = seen(world()).best, seen(world(experiment=registered(role="primary"))).best
    assert alone is not None
    assert both is not None
    assert both.metric == "basket_value"
    assert both.low is not None
    assert alone.low is not None
    assert both.low < alone.low


def test_the_ask_carries_the_digest_of_what_was_registered() -> None:
    (ask,) = proposal.build(world(LAST), "26w")
    found = registration(world(), "f")
    assert isinstance(found, Registration)
    assert dict(ask.terms)["registration"] == found.digest
    assert (ask.scope, ask.by) == (SCOPE, "luo")
    assert proposal.build(world(LAST + timedelta(weeks=5)), "26w") == ()


@pytest.mark.parametrize("column", ["minimum_effect", "ends_on", "looks"])
def test_a_registration_that_does_not_say_all_is_no_registration(column: str) -> None:
    assert registration(world(experiment=registered(**{column: None})), "f") == (
        f"the registration of f does not say {column}"
    )
