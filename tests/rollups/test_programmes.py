from datetime import date
from decimal import Decimal
from typing import Any


def test_a_vintage_stands_on_the_day_it_is_spent_with_the_place_of_its_pool(operator: Any) -> None:
    """
    programmes @ 2026-01-05
    programme  vintage  pool  spend_date  gpus  amount  currency  lead_months  life_months  committed  stated_on
    ai         hall-1   p1    2026-03-01  8     1000    RMB       6            48           true       2026-01-05
    ai         hall-2   -     2026-04-01  4     500     USD       6            48           false      2026-01-05
    """
    operator.build("vintage", through=date(2026, 2, 1))
    assert operator.table("vintage", "day", "vintage", "region", "accelerator", "gpus", "amount", "committed") == [
        (date(2026, 3, 1), "hall-1", "north", "H20", 8, Decimal(1000), True),
        (date(2026, 4, 1), "hall-2", None, None, 4, Decimal(500), False),
    ]


def test_a_vintage_that_moves_leaves_its_old_day_and_stays_there_for_older_dates(operator: Any) -> None:
    """
    programmes @ 2026-01-05
    programme  vintage  pool  spend_date  gpus  amount  currency  lead_months  life_months  committed
    ai         hall-1   p1    2026-03-01  8     1000    RMB       6            48           false

    programmes @ 2026-02-05
    programme  vintage  pool  spend_date  gpus  amount  currency  lead_months  life_months  committed
    ai         hall-1   p1    2026-06-01  8     1100    RMB       6            48           false
    """
    operator.build("vintage", through=date(2026, 3, 1))
    assert operator.table("vintage", "day", "amount", as_of=date(2026, 2, 10)) == [(date(2026, 6, 1), Decimal(1100))]
    assert operator.table("vintage", "day", "amount", as_of=date(2026, 1, 10)) == [(date(2026, 3, 1), Decimal(1000))]


def test_a_driver_stated_anew_replaces_the_old_one(operator: Any) -> None:
    """
    drivers @ 2026-01-05
    programme  driver  value  low  high  source  stated_on
    ai         capex   1.0    0.9  1.1   quotes  2026-01-05

    drivers @ 2026-02-05
    programme  driver  value  low  high  source  stated_on
    ai         capex   1.2    -    -     order   2026-02-05
    """
    operator.build("driver", through=date(2026, 3, 1))
    now, then = date(2026, 2, 20), date(2026, 1, 20)
    assert operator.table("driver", "driver", "value", "low", "source", as_of=now) == [("capex", 1.2, None, "order")]
    assert operator.table("driver", "driver", "value", "low", "source", as_of=then) == [("capex", 1.0, 0.9, "quotes")]


def test_other_segments_stand_on_the_first_day_of_their_quarter(operator: Any) -> None:
    """
    other_segments @ 2026-01-05
    segment  quarter     revenue  ebita  depreciation  capex  working_capital  currency
    trading  2026-04-01  1000     100    20            30     -                RMB
    """
    operator.build("other_segment", through=date(2026, 2, 1))
    assert operator.table("other_segment", "day", "segment", "ebita", "capex", "working_capital") == [
        (date(2026, 4, 1), "trading", Decimal(100), Decimal(30), None)
    ]
