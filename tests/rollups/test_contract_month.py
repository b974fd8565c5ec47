from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st


def test_a_term_is_spread_over_its_months_by_days(operator: Any) -> None:
    """
    contracts @ 2025-12-10
    contract  customer  pool  signed_on   start_date  end_date    committed_amount  committed_gpu_hours  currency  take_or_pay  termination
    k         c         p1    2025-12-10  2026-01-01  2026-04-01  900               90                   RMB       true         none
    """
    operator.build("contract_month")
    assert operator.table("contract_month", "day", "known", "committed_amount", "committed_gpu_ms", "region") == [
        (date(2026, 1, 1), date(2025, 12, 10), Decimal(310), 31 * 3_600_000, "north"),
        (date(2026, 2, 1), date(2025, 12, 10), Decimal(280), 28 * 3_600_000, "north"),
        (date(2026, 3, 1), date(2025, 12, 10), Decimal(310), 31 * 3_600_000, "north"),
    ]


def test_a_ramp_puts_less_into_early_months(operator: Any) -> None:
    """
    contracts @ 2025-12-10
    contract  customer  pool  signed_on   start_date  end_date    committed_amount  ramp_months  currency  take_or_pay  termination
    k         c         -     2025-12-10  2026-01-01  2026-03-01  1000              2            RMB       true         none
    """
    operator.build("contract_month")
    # (31 / 59)^2 of the volume comes in January
    assert operator.table("contract_month", "pool", "committed_amount", "committed_gpu_ms") == [
        (None, Decimal("276.07"), None),
        (None, Decimal("723.93"), None),
    ]


def test_backlog_is_spread_over_what_is_left_of_the_term(operator: Any) -> None:
    """
    contracts @ 2026-02-01
    contract  customer  start_date  end_date    committed_amount  rpo  backlog  currency  take_or_pay  termination
    k         c         2026-01-01  2026-04-01  900               590  59       RMB       false        convenience
    """
    operator.build("contract_month")
    assert operator.table("contract_month", "day", "rpo", "backlog") == [
        (date(2026, 1, 1), Decimal(0), Decimal(0)),
        (date(2026, 2, 1), Decimal(280), Decimal(28)),
        (date(2026, 3, 1), Decimal(310), Decimal(31)),
    ]


def test_a_restated_term_takes_its_months_away(operator: Any) -> None:
    """
    contracts @ 2025-12-10
    contract  customer  start_date  end_date    committed_amount  currency  take_or_pay  termination
    k         c         2026-01-01  2026-02-01  900               RMB       true         none

    contracts @ 2026-01-20
    contract  customer  start_date  end_date    committed_amount  currency  take_or_pay  termination
    k         c         2026-03-01  2026-04-01  900               RMB       true         none
    """
    operator.build("contract_month")
    assert operator.table("contract_month", "day", as_of=date(2026, 1, 19)) == [(date(2026, 1, 1),)]
    assert operator.table("contract_month", "day", as_of=date(2026, 1, 20)) == [(date(2026, 3, 1),)]


def test_an_unknown_amount_stays_unknown_in_every_month(operator: Any) -> None:
    """
    contracts @ 2025-12-10
    contract  customer  start_date  end_date    committed_amount  currency  take_or_pay  termination
    k         c         2026-01-01  2026-03-01  -                 RMB       true         none
    """
    operator.build("contract_month")
    assert operator.table("contract_month", "committed_amount") == [(None,), (None,)]


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    contracts=st.lists(
        st.tuples(
            st.dates(date(2025, 1, 1), date(2027, 12, 31)),
            st.integers(1, 1500),
            st.decimals(0, 10**9, places=4),
            st.floats(0, 1e7),
            st.sampled_from([None, 0, 1, 5, 60]),
            st.dates(date(2024, 1, 1), date(2029, 1, 1)),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_the_months_of_a_contract_add_up_to_it_exactly(
    operator: Any, contracts: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    from tests.rollups.conftest import HandMade, Statement

    operator.root = tmp_path_factory.mktemp("rollups")
    operator.lake = HandMade([
        Statement("contracts", known, ({
            "contract": str(at), "customer": "c", "start_date": start, "end_date": date.fromordinal(start.toordinal() + length),
            "committed_amount": amount, "committed_gpu_hours": hours, "ramp_months": ramp, "currency": "RMB",
            "rpo": amount, "backlog": amount, "take_or_pay": True, "termination": "none",
        },))
        for at, (start, length, amount, hours, ramp, known) in enumerate(contracts)
    ])  # fmt: skip
    operator.build("contract_month")
    found = operator.rows("contract_month", as_of=date(2029, 1, 1))
    for at, (_, _, amount, hours, _, _) in enumerate(contracts):
        mine = [row for row in found if row["contract"] == str(at)]
        assert sum(row["committed_amount"] for row in mine) == amount
        assert sum(row["rpo"] for row in mine) == amount
        assert sum(row["backlog"] for row in mine) == amount
        assert sum(row["committed_gpu_ms"] for row in mine) == int(hours * 3_600_000 + 0.5)
        assert all(row["committed_amount"] >= Decimal("-0.005") for row in mine)
