"""What each exhibit of adoption says of sixty drawn accounts, counted here another way."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hardgate.adoption import attach, expansion, health, ladder, sales_hours, targets, time_to_value
from hardgate.adoption.health import state
from hardgate.adoption.time_to_value import among_all
from hardgate.core.days import Window
from hardgate.core.terms import Rows, Scope, Table
from hardgate.metrics.account_base import Account
from hardgate.metrics.attach_unit import metric as attach_unit
from hardgate.metrics.value_times import Waits
from hardgate.models.kaplan_meier import log_rank
from tests.adoption.world import ASSUMPTIONS, TABLES
from tests.capacity.world import TABLES as CAPACITY
from tests.capacity.world import TODAY
from tests.evidence import Tables

FULL = Tables(TODAY, {**CAPACITY, **TABLES}, assumptions=ASSUMPTIONS)


def column(table: Table, name: str) -> list[object]:
    at = [heading.name for heading in table.headings].index(name)
    return [row[at] for row in table.rows]


def payers(rung: str | None = None, since: date = date.min) -> set[str]:
    """The accounts with a paid event, counted from the rows."""
    rows = TABLES["feature_usage_day"].columns
    lines = zip(rows["account"], rows["rung"], rows["day"], rows["paid_events"], strict=True)
    return {str(who) for who, on, day, paid in lines if paid and day >= since and rung in {None, on}}


def test_attach_counts_who_paid_and_closes_over_the_regions() -> None:
    built = attach.exhibit.build(FULL)
    lately = payers(since=TODAY - timedelta(weeks=8))
    assert built.sentence == f"{len(lately)} of 60 eligible accounts paid for an AI feature in eight weeks."
    assert built.closing == f"{len(lately)} attached of 60 accounts in 1 regions = {len(lately)} of 60 in all"
    assert built.closes
    assert column(built, "where")[:2] == ["everything", "region north"]
    assert column(built, "case")[1] == 0.25
    assert column(built, "the case")[1] == "holds"
    assert {"feature chat", "feature own-model", "segment startup"} <= set(column(built, "where"))


def test_who_paid_and_is_not_in_the_base_is_named_and_not_counted() -> None:
    people = TABLES["account"]
    lately = payers(since=TODAY - timedelta(weeks=8))
    gone = min(lately)
    kept = [i for i, name in enumerate(people.columns["account"]) if name != gone]
    less = Rows({name: [values[i] for i in kept] for name, values in people.columns.items()}, len(kept))
    built = attach.exhibit.build(replace(FULL, tables={**FULL.tables, "account": less}))
    assert f"1 account paid and is not in the base: {gone}; bring it in accounts" in built.notes
    assert built.sentence.startswith(f"{len(lately) - 1} of 59 eligible accounts")


def test_a_case_that_the_whole_interval_misses_is_named() -> None:
    plan = CAPACITY["tranche"]
    dear = Rows({**plan.columns, "attach_rate": [0.95, None]}, plan.count)
    built = attach.exhibit.build(replace(FULL, tables={**FULL.tables, "tranche": dear}))
    assert column(built, "the case")[1] == "misses"
    assert built.sentence.endswith("; north misses what its case rests on.")


def test_the_ladder_counts_each_account_on_its_highest_rung() -> None:
    built = ladder.exhibit.build(FULL)
    deep = payers("customization")
    own = payers("dataset") | deep
    every = payers() | own
    assert column(built, "climbed") == [len(every), len(own), len(deep)]
    assert column(built, "conversion") == [
        pytest.approx(len(every) / 60, abs=1e-4),
        pytest.approx(len(own) / len(every), abs=1e-4),
        pytest.approx(len(deep) / len(own), abs=1e-4),
    ]
    assert built.closing == (
        f"highest rung: {60 - len(every)} on none + {len(every - own)} on inference + {len(own - deep)} on dataset "
        f"+ {len(deep)} on customization = 60 of 60 eligible accounts"
    )


def test_the_effect_of_adopting_is_found_and_what_would_erase_it_is_said() -> None:
    built = expansion.exhibit.build(FULL)
    [everything, *_] = built.rows
    assert everything[:3] == ("everything", "detrended", "causal")
    assert everything[3] == pytest.approx(0.10, abs=0.02)
    bend = column(built, "bend that erases it, a month")[0]
    assert isinstance(bend, float)
    assert bend == pytest.approx(everything[3] / 4.5, rel=0.06)  # type: ignore[operator]
    assert any(
        note.startswith("everything, detrended: a bend of") and "would erase the effect" in note for note in built.notes
    )
    assert "churn = " in built.closing
    assert "net retention" in built.closing


def test_an_association_is_labelled_as_one() -> None:
    from tests.metrics.test_expansion import bent

    built = expansion.exhibit.build(bent())
    assert column(built, "reads as")[0] == "associational"
    assert "this is an association" in built.sentence
    assert any("FAILED, the number is associational" in note for note in built.notes)


def test_a_template_gets_there_faster_and_is_held_against_its_cost() -> None:
    built = time_to_value.exhibit.build(FULL)
    rag, none = built.rows
    assert (rag[0], none[0]) == ("rag", "none")
    assert isinstance(rag[3], float)
    assert isinstance(none[3], float)
    assert rag[3] < 25 < none[3]
    assert column(built, "costs in a year")[0] == 50_000.0
    worth = column(built, "brings in a year")[0]
    assert isinstance(worth, float)
    assert str(rag[-1]).startswith("yes" if worth > 50_000 else "no")
    assert built.closes
    assert built.sentence.startswith(f"Half of the accounts that began with rag are there after {rag[3]:.0f} days")


@pytest.mark.parametrize(
    ("worth", "cost", "luck", "said"),
    [
        (60_000.0, 50_000.0, 0.01, "yes"),
        (60_000.0, 50_000.0, 0.20, "not shown, may be luck"),
        (60_000.0, 70_000.0, 0.01, "no"),
        (60_000.0, None, 0.01, "not known: set architecture_cost.rag"),
        (60_000.0, None, None, "not shown, may be luck"),
        (-1.0, None, 0.01, "no"),
        (None, 50_000.0, 0.01, "not known"),
    ],
)
def test_nothing_pays_for_itself_by_days_that_may_be_luck(
    worth: float | None, cost: float | None, luck: float | None, said: str
) -> None:
    many = Waits((), (), (True,) * 20, ())
    assert time_to_value._pays(worth, cost, luck, many, "rag") == said


def test_of_several_architectures_each_counts_as_one_of_them() -> None:
    """At .03 one alone is told apart; of three architectures luck makes the best of them as good in 9 % of tables."""
    assert among_all({"rag": 0.03}) == {"rag": 0.03}
    counts = among_all({"rag": 0.03, "batch": 0.4, "agent": 0.9, "young": None})
    assert counts == pytest.approx({"rag": 0.09, "batch": 0.8, "agent": 0.9})
    waiting = Waits((), (), (True,) * 20, ())
    assert time_to_value._pays(60_000.0, 50_000.0, counts["rag"], waiting, "rag") == "not shown, may be luck"


def test_an_architecture_is_not_judged_by_the_place_that_began_with_it() -> None:
    """Both get there after 10 days in a quick place and after 40 in a slow one; most of the quick ones began with it."""
    known = {f"{place}{at}": account(f"{place}{at}", place) for place in ("quick", "slow") for at in range(40)}

    def waits(quick: range, slow: range) -> Waits:
        names = (*(f"quick{at}" for at in quick), *(f"slow{at}" for at in slow))
        days = (*(10.0 + at % 5 for at in quick), *(40.0 + at % 5 for at in slow))
        return Waits(names, days, (True,) * len(names), ())

    mine, none = waits(range(30), range(10)), waits(range(30, 40), range(10, 40))
    assert time_to_value._luck(mine, none, known) == pytest.approx(1.0, abs=0.05)
    plain = log_rank([(one.days, one.got_there) for one in (mine, none)])
    assert plain is not None
    assert plain.probability < 0.001


def account(name: str, region: str) -> Account:
    return Account(name, region, "growth", date(2026, 1, 1), None, date(2026, 1, 1), None, None, None)


def test_few_that_got_there_are_flagged() -> None:
    assert any("read its curve with care" in note for note in time_to_value.exhibit.build(FULL).notes) == any(
        isinstance(got, int) and got < 20 for got in column(time_to_value.exhibit.build(FULL), "got there")
    )


def test_an_hour_goes_where_it_brings_more() -> None:
    built = sales_hours.exhibit.build(FULL)
    assert built.rows[0][0] == "everything"
    closed = [day for day in TABLES["opportunity"].columns["closed_on"] if date(2025, 9, 1) <= day < date(2026, 9, 1)]
    assert built.closing == f"closed: {len(closed)} in 2 places + 0 without one = {len(closed)} in all"
    assert built.closes
    assert column(built, "the next hour goes to")[0] == "new logos"
    assert [str(one) for one in column(built, "where")[1:]] == ["north / growth", "north / startup"]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ((120.0, 90.0, 80.0, 60.0), "accounts that are there"),
        ((120.0, 90.0, 200.0, 120.0), "new logos"),
        ((120.0, 90.0, 130.0, 80.0), "not settled"),
    ],
)
def test_where_the_next_hour_goes_is_judged_on_the_intervals(
    known: tuple[float, float, float, float], said: str
) -> None:
    assert sales_hours.told(*known) == said


def test_the_list_holds_only_accounts_with_access_that_do_not_pay_and_is_in_order() -> None:
    built = targets.exhibit.build(FULL)
    assert built.rows
    named = {str(row[0]) for row in built.rows}
    assert not named & payers()
    worth = [row[-1] for row in built.rows]
    assert worth == sorted(worth, reverse=True)  # type: ignore[type-var]
    assert any("calibration slope" in note for note in built.notes)
    assert any("largest-first" in note for note in built.notes)


def test_a_gpu_hour_costs_where_the_region_is_full_and_nothing_where_it_is_not() -> None:
    assert targets.net(0.5, 1_000.0, 100.0, 0.0) == 500.0
    assert targets.net(0.5, 1_000.0, 100.0, 6.0) == 200.0
    full = dict(CAPACITY)
    rows = full["pool_day"]
    loaded = [None if one is None else round(one * 0.99) for one in rows.columns["available_gpu_ms"]]
    full["pool_day"] = Rows({**rows.columns, "allocated_gpu_ms": loaded}, rows.count)
    scarce = targets.exhibit.build(replace(FULL, tables={**full, **TABLES}))
    free = targets.exhibit.build(FULL)
    assert column(free, "value for a scarce GPU-hour")[0] is None
    assert column(scarce, "value for a scarce GPU-hour")[0] is not None
    assert column(scarce, "worth by its chance")[0] < column(free, "worth by its chance")[0]  # type: ignore[operator]


def test_every_eligible_account_stands_in_one_state() -> None:
    built = health.exhibit.build(FULL)
    assert built.closing.endswith("= 60 of 60 eligible accounts")
    assert built.closes
    stalled = payers() - payers(since=TODAY - timedelta(weeks=4))
    assert f"{len(stalled)} stalled" in built.closing
    first = built.rows[0]
    assert first[3] in {"stalled", "shrinking", "trying", "not started"}
    assert first[-1] == health.NEXT[str(first[3])]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (
            {"access": True, "ever": True, "lately": 0, "before": 3, "deep": False, "tried": False, "held_out": False},
            "stalled",
        ),
        (
            {"access": True, "ever": True, "lately": 2, "before": 5, "deep": True, "tried": False, "held_out": False},
            "shrinking",
        ),
        (
            {"access": True, "ever": True, "lately": 3, "before": 5, "deep": True, "tried": False, "held_out": False},
            "deep",
        ),
        (
            {"access": True, "ever": True, "lately": 3, "before": 0, "deep": False, "tried": True, "held_out": False},
            "growing",
        ),
        (
            {"access": True, "ever": False, "lately": 0, "before": 0, "deep": False, "tried": True, "held_out": False},
            "trying",
        ),
        (
            {"access": True, "ever": False, "lately": 0, "before": 0, "deep": False, "tried": False, "held_out": False},
            "not started",
        ),
        (
            {
                "access": False,
                "ever": False,
                "lately": 0,
                "before": 0,
                "deep": False,
                "tried": False,
                "held_out": False,
            },
            "without access",
        ),
        (
            {"access": False, "ever": False, "lately": 0, "before": 0, "deep": False, "tried": False, "held_out": True},
            "held out",
        ),
    ],
)
def test_a_state_is_what_was_paid_for_lately(known: dict[str, bool | int], said: str) -> None:
    assert state(**known) == said  # type: ignore[arg-type]


def test_the_unit_rate_of_the_exhibit_is_that_of_the_gate() -> None:
    read = FULL.reading(attach_unit, Scope.of(region="north"), Window(TODAY - timedelta(weeks=8), TODAY))
    assert column(attach.exhibit.build(FULL), "unit")[1] == read.value
