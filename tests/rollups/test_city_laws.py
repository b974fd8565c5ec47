"""What holds for rollups whose earlier rows count too: blind to the future, and the same in steps as at once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rollups.conftest import HandMade, Operator, Statement
from tests.rollups.test_laws import Bench, either, keyed, quick, row

START, LAST = date(2026, 3, 2), date(2026, 6, 1)
OURS = (
    "city_day",
    "cohort_week",
    "exposure_day",
    "feature_day",
    "experiment",
    "zone_day",
    "city_month",
    "city_ledger_month",
    "subsidy",
)
amounts = st.decimals(0, 100, places=2)
times = st.integers(0, 70).map(lambda after: datetime(2026, 3, 2, 12) + timedelta(days=after))
TABLES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "orders": row(
        order_id=either("1", "2", "3", "4"), customer=either("u", "v"), city=either("a", "b", None), zone=either("z", None),
        segment=either("s", "t"), placed_at=times, value=amounts, commission=amounts, delivery_fee=amounts,
        discount_platform=st.one_of(st.none(), amounts), courier_cost=amounts, payment_cost=amounts, support_cost=amounts,
        refund=amounts, currency="RMB",
    ),
    "exposures": row(feature="f", customer=either("u", "v"), arm=either("control", "treated"), exposed_at=times),
    "experiments": row(
        feature="f", metric="basket_value", role="primary", unit="customer", starts_on=either(START, START + timedelta(days=9)), ends_on=START + timedelta(days=60),
        minimum_effect=either(0.03, 0.05), looks=2, control_share=0.5, registered_on=either(START, START - timedelta(days=3)),
    ),
    "city_ledger": row(account="x", city=either("a", None), month=START.replace(day=1), amount=amounts, currency="RMB"),
    "subsidies": row(city=either("a", "b"), from_date=either(START, LAST), amount_per_month=amounts, currency="RMB"),
}  # fmt: skip
statements = st.lists(
    st.sampled_from(["orders", "orders", *sorted(TABLES)]).flatmap(
        lambda table: st.builds(
            lambda known, rows: keyed(Statement(table, known, tuple(rows))),
            st.integers(0, 80).map(lambda after: START + timedelta(days=after)),
            st.lists(TABLES[table], min_size=1, max_size=8),
        )
    ),
    min_size=1,
    max_size=7,
    unique_by=lambda one: (one.table, one.known),
)


@pytest.fixture
def bench(tmp_path_factory: pytest.TempPathFactory, engine: Any) -> Bench:
    return Bench(tmp_path_factory, engine)


def content(operator: Operator, as_of: date | None = None) -> dict[str, Sequence[str]]:
    """All rows of these rollups as text; as of a date without the versions they come from."""
    left_out = {"known", "known_to"} if as_of else set()
    return {
        name: sorted(str([cell for column, cell in line.items() if column not in left_out]) for line in operator.rows(name, as_of))
        for name in OURS
    }  # fmt: skip


@settings(quick, max_examples=6)
@given(told=statements, after=st.integers(0, 90))
def test_a_past_date_reads_what_a_lake_without_the_later_rows_gives(
    bench: Bench, told: list[Statement], after: int
) -> None:
    then = START + timedelta(days=after)
    whole, early = bench.operator(HandMade(told)), bench.operator(HandMade(told).until(then))
    for one in (whole, early):
        one.build(*OURS, through=LAST)
    assert content(whole, then) == content(early, then)


@settings(quick, max_examples=6)
@given(told=statements, steps=st.lists(st.integers(0, 90), max_size=2))
def test_a_build_in_steps_equals_a_build_at_once(bench: Bench, told: list[Statement], steps: list[int]) -> None:
    once, stepwise = bench.operator(HandMade(told)), bench.operator(HandMade())
    once.build(*OURS, through=LAST)
    for after in [*sorted(steps), 100]:
        stepwise.lake = HandMade(told).until(START + timedelta(days=after))
        stepwise.build(*OURS, through=LAST)
    assert content(once) == content(stepwise)
