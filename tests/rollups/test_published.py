from datetime import date
from decimal import Decimal
from typing import Any

QUARTER = date(2025, 3, 31)


def test_a_figure_without_a_name_of_ours_is_published_only_from_the_owners_own_table(operator: Any) -> None:
    """
    facts @ 2026-01-05
    company  concept    period_start  period_end  value  unit   taxonomy  measure  document  filed
    A        Revenues   2025-01-01    2025-03-31  100    RMBmn  us-gaap   revenue  d1        2025-05-01
    A        Goodwill   2025-01-01    2025-03-31  7      RMBmn  us-gaap   -        d1        2025-05-01
    A        cloud_mix  2025-01-01    2025-03-31  5      RMBmn  -         -        -         2025-05-01
    """
    operator.build("published")
    assert operator.table("published", "measure", "segment", "value", "method") == [
        ("cloud_mix", "consolidated", Decimal(5), "reported"),
        ("revenue", "consolidated", Decimal(100), "reported"),
    ]


def test_a_restatement_is_a_row_of_its_own_from_the_day_it_was_filed(operator: Any) -> None:
    """
    facts @ 2025-05-01
    company  concept   period_end  value  unit   taxonomy  measure  document
    A        Revenues  2025-03-31  100    RMBmn  us-gaap   revenue  d1
    facts @ 2026-05-01
    company  concept   period_end  value  unit   taxonomy  measure  document
    A        Revenues  2025-03-31  98     RMBmn  us-gaap   revenue  d2
    """
    operator.build("published")
    assert operator.table("published", "value", "known", "document") == [
        (Decimal(100), date(2025, 5, 1), "d1"),
        (Decimal(98), date(2026, 5, 1), "d2"),
    ]


def test_documents_are_counted_by_what_was_read_of_them(operator: Any) -> None:
    """
    facts @ 2026-01-05
    company  concept   period_end  value  unit   taxonomy  measure  document  filed
    A        Revenues  2025-03-31  100    RMBmn  us-gaap   revenue  d1        2025-05-01
    A        Goodwill  2025-03-31  7      RMBmn  us-gaap   -        d1        2025-05-01
    """
    operator.build("filed_document")
    assert operator.table("filed_document", "day", "document", "figures", "named") == [(QUARTER, "d1", 2, 1)]
