from datetime import date
from decimal import Decimal
from typing import Any


def test_a_request_that_is_restated_keeps_what_was_asked_before(operator: Any) -> None:
    """
    workload_requests @ 2026-02-03
    workload  tenant  gpus  accelerators  contribution  currency  needed_from  needed_to
    w1        t1      8     H20=1         4.50          RMB       2026-03-01   -

    workload_requests @ 2026-02-20
    workload  tenant  gpus  accelerators  contribution  currency  needed_from  needed_to
    w1        t1      16    H20=1         4.50          RMB       2026-03-01   2026-09-01
    """
    operator.build("request")
    assert operator.table(
        "request", "day", "workload", "gpus", "contribution", "needed_to", as_of=date(2026, 2, 10)
    ) == [(date(2026, 3, 1), "w1", 8, Decimal("4.50"), None)]
    assert operator.table("request", "gpus", "needed_to", as_of=date(2026, 3, 1)) == [(16, date(2026, 9, 1))]


def test_a_guarantee_lies_on_its_first_day(operator: Any) -> None:
    """
    tenant_floors @ 2026-02-03
    tenant  gpus  valid_from  valid_to
    t1      12    2026-03-01  2027-03-01
    """
    operator.build("tenant_floor")
    assert operator.table("tenant_floor", "day", "tenant", "gpus", "valid_to") == [
        (date(2026, 3, 1), "t1", 12, date(2027, 3, 1))
    ]
