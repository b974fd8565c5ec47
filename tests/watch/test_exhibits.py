"""Exhibits on the world of the laws: figures worked out by hand."""

from datetime import date
from typing import Any

import pytest

from hardgate.core.terms import Rows
from hardgate.watch import facts, margins, peers, promises, ties, valuation
from tests.evidence import Tables, table
from tests.worlds import WORLDS

WATCH = next(world for world in WORLDS if world.name == "watch")


def column(built: Any, name: str) -> list[Any]:
    at = [one.name for one in built.headings].index(name)
    return [row[at] for row in built.rows]


def test_segments_unallocated_and_eliminations_are_the_whole() -> None:
    """143 + 900 + 170 - 13 = 1,200."""
    built = ties.build(WATCH.full)
    assert built.closes
    kinds = {row[1] for row in built.rows}
    assert kinds == {"segments = consolidated", "printed growth"}
    assert column(built, "parts")[:1] == [1_200_000_000] or 1_200_000_000 in column(built, "parts")


def test_segments_that_do_not_close_are_open_and_not_hidden() -> None:
    rows = WATCH.full.tables["published"]
    less = [900 if value == 170 else value for value in rows.columns["value"]]
    evidence = Tables(WATCH.full.as_of, {"published": Rows({**rows.columns, "value": less}, rows.count)})
    built = ties.build(evidence)
    assert built.closes is None
    assert built.rows[0][7] == "does not close"
    assert built.rows[0][6] == -730_000_000


BRIDGE = """
day        company measure                       concept segment      period_start value unit  method   rounding document filed
2021-06-30 Alibaba operating_income              a       consolidated 2021-04-01   30847 RMBmn reported 1        q        2021-08-03
2021-06-30 Alibaba adjusted_ebita_item_sbc       b       consolidated 2021-04-01   7811  RMBmn reported 1        q        2021-08-03
2021-06-30 Alibaba adjusted_ebita_item_intang    c       consolidated 2021-04-01   3073  RMBmn reported 1        q        2021-08-03
2021-06-30 Alibaba adjusted_ebita                d       consolidated 2021-04-01   41731 RMBmn reported 1        q        2021-08-03
2021-06-30 Alibaba operating_cash_flow           e       consolidated 2021-04-01   33603 RMBmn reported 1        q        2021-08-03
2021-06-30 Alibaba free_cash_flow_item_ppe       f       consolidated 2021-04-01  -10897 RMBmn reported 1        q        2021-08-03
2021-06-30 Alibaba free_cash_flow_item_intang    g       consolidated 2021-04-01   -1    RMBmn reported 1        q        2021-08-03
2021-06-30 Alibaba free_cash_flow_item_deposits  h       consolidated 2021-04-01   -2022 RMBmn reported 1        q        2021-08-03
2021-06-30 Alibaba free_cash_flow                i       consolidated 2021-04-01   20683 RMBmn reported 1        q        2021-08-03
"""


def test_the_bridges_of_the_june_quarter_of_2021_close() -> None:
    """30,847 + 7,811 + 3,073 = 41,731 and 33,603 - 10,897 - 1 - 2,022 = 20,683."""
    built = ties.build(Tables(date(2021, 9, 1), {"published": table(BRIDGE)}))
    assert [(row[1], row[4], row[7]) for row in built.rows] == [
        ("bridge", 41_731_000_000, "closes"),
        ("bridge", 20_683_000_000, "closes"),
    ]


BAIDU = """
day        company measure           concept segment      period_start value    unit  method   rounding document filed
2025-09-30 Baidu   operating_income  a       consolidated 2025-07-01   -15091   RMBmn reported 1        q3       2025-11-18
2025-09-30 Baidu   revenue           b       consolidated 2025-07-01   31174    RMBmn reported 1        q3       2025-11-18
2025-09-30 Baidu   core_revenue      c       consolidated 2025-07-01   24.66    RMBbn rounded  0.01     q3       2025-11-18
2025-09-30 Baidu   impairment        d       consolidated 2025-07-01   16.19    RMBbn rounded  0.01     q3       2025-11-18
"""


def test_a_margin_names_its_denominator() -> None:
    built = margins.build(Tables(date(2025, 12, 1), {"published": table(BAIDU)}))
    found = [(row[1], row[2], round(row[4], 3)) for row in built.rows]  # type: ignore[arg-type]
    assert found == [("operating_income", "core_revenue", -0.612), ("operating_income", "revenue", -0.484)]


TENCENT = """
day        company measure                          concept segment      period_start value unit  method   rounding document filed
2025-09-30 Tencent operating_profit                 a       consolidated 2025-07-01   63.55 RMBbn rounded  0.01     q3       2025-11-13
2025-09-30 Tencent non_ifrs_operating_profit        b       consolidated 2025-07-01   72.57 RMBbn rounded  0.01     q3       2025-11-13
2025-09-30 Tencent revenue                          c       consolidated 2025-07-01  192.87 RMBbn rounded  0.01     q3       2025-11-13
2025-09-30 Tencent operating_profit_margin          d       consolidated 2025-07-01  {ifrs} ratio reported 0.001    q3       2025-11-13
2025-09-30 Tencent capex                            e       consolidated 2025-07-01   12.98 RMBbn rounded  0.01     q3       2025-11-13
2025-09-30 Tencent capex_yoy                        f       consolidated 2025-07-01   -0.24 ratio reported 0.01     q3       2025-11-13
2025-09-30 Tencent free_cash_flow                   g       consolidated 2025-07-01   58.5  RMBbn rounded  0.1      q3       2025-11-13
"""


def test_a_printed_margin_that_recomputes_is_printed_and_one_that_does_not_is_unknown() -> None:
    """63.55 / 192.87 is 32.95 % of rounded figures; the issuer prints 33.0 %."""
    good, bad = (
        margins.build(Tables(date(2025, 12, 1), {"published": table(TENCENT.format(ifrs=one))}))
        for one in ("0.330", "0.350")
    )
    assert [(row[1], row[4]) for row in good.rows] == [
        ("operating_profit", 0.33), ("non_ifrs_operating_profit", pytest.approx(0.376, abs=5e-4)),
    ]  # fmt: skip
    assert bad.rows[0][4] is None
    assert "printed 35.0 % and recomputed 32.9 % do not agree" in str(bad.rows[0][7])


def test_each_company_is_read_by_declared_rules() -> None:
    both = table(BAIDU.strip() + "\n" + "\n".join(TENCENT.format(ifrs="0.330").strip().splitlines()[1:]))
    built = peers.build(Tables(date(2025, 12, 1), {"published": both}))
    assert [(row[0], row[-1]) for row in built.rows] == [("Baidu", "impaired"), ("Tencent", "disciplined")]
    tencent = built.rows[1]
    assert (tencent[3], tencent[4], tencent[8]) == (round(12.98 / 192.87, 4), -0.24, 58_500_000_000)


@pytest.mark.parametrize(
    ("capex_growth", "fcf", "income", "impairment", "reading"),
    [
        (0.19, 1.0, 1.0, None, "none of these"), (0.20, 1.0, 1.0, None, "accelerating"), (0.0, 1.0, 1.0, None, "disciplined"),
        (0.0, -1.0, 1.0, None, "none of these"), (0.5, -1.0, -1.0, None, "impaired"), (0.5, 1.0, 1.0, 10.0, "impaired"),
        (0.5, 1.0, 1.0, 9.9, "accelerating"), (None, 1.0, 1.0, None, "not known"), (-0.1, None, 1.0, None, "not known"),
    ],
)  # fmt: skip
def test_the_rules_of_a_reading(capex_growth: Any, fcf: Any, income: Any, impairment: Any, reading: str) -> None:
    assert peers.playbook(capex_growth, fcf, income, impairment, 100.0) == reading


def test_promises_are_kept_missed_or_open() -> None:
    built = promises.build(WATCH.full)
    assert dict(zip(column(built, "promise"), column(built, "state"), strict=True)) == {
        "capex": "kept", "margin": "missed", "revenue": "open",
    }  # fmt: skip
    assert built.sentence == "1 of 3 stated targets were missed: Own, margin, due 2026-06-30."


def test_what_the_market_pays_and_expects() -> None:
    """13.4 bn over 5 bn; 1.90 over 2.00, cut from 2.10; +34.0 % against +5.5 % and +6.0 %."""
    found = {(row[1], row[2], row[3]) for row in valuation.build(WATCH.full).rows}
    assert ("forward price to sales", "2.68x", "industry 2.11x") in found
    assert ("consensus eps of fy2026", "RMB 1.90", "-5.00 % over the year before (RMB 2.00)") in found
    assert ("revision of eps of fy2026", "-9.52 %", "RMB 2.10 90 days before") in found
    assert ("return of 26 weeks against its industry", "+34.0 %", "internet +5.5 %: +28.5 points") in found
    assert ("return of 26 weeks against its sector", "+34.0 %", "retail +6.0 %: +28.0 points") in found
    assert ("value_score of agency", "D", "a reported fact") in found


def test_what_the_price_implies_is_turned_round_on_our_own_figures() -> None:
    """Sales of four quarters are 4,560 m and operating income 489 m of them."""
    from hardgate.models import implied

    row = next(one for one in valuation.build(WATCH.full).rows if one[1] == "growth that the price implies")
    margin = 489 / 4560
    assert row[3] == f"at the margin of operating_income, {100 * margin:.1f} %"
    growth = implied.growth(13.4e9, 4.56e9, margin, 0.12)
    assert growth is not None
    assert row[2] == f"{100 * growth:.1f} %"
    assert implied.value(4.56e9, margin, growth, 0.12) == pytest.approx(13.4e9, rel=1e-5)


def test_what_a_company_lacks_is_named() -> None:
    built = facts.build(WATCH.full)
    assert "Own: not found under our names: net_income, impairment, eps_diluted" in built.notes
    assert built.rows[0][0] == "Own"


RESTATED = """
day        company measure concept segment      period_start value unit  method   rounding document filed      known
2025-03-31 Acme    revenue a       consolidated 2025-01-01   100   RMBmn reported 1        first    2025-05-01 2025-05-01
2025-03-31 Acme    revenue a       consolidated 2025-01-01   98    RMBmn reported 1        second   2026-05-01 2026-05-01
"""


def test_the_page_of_an_old_date_has_the_old_figure_and_that_of_a_new_one_says_restated() -> None:
    told = Tables(date(2025, 6, 1), {"published": table(RESTATED)})
    (old,), (new,) = facts.build(told).rows, facts.build(told.at(date(2026, 6, 1))).rows
    assert (old[3], old[5], old[6]) == (100_000_000, "reported", "")
    assert (new[3], new[5], new[6]) == (98_000_000, "restated", 100_000_000)
    assert facts.build(told.at(date(2026, 6, 1))).sentence.endswith("1 of their newest are restated.")
