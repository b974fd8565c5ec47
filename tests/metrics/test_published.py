"""Series of published figures: restated, derived, contradicted, in two currencies, and broken."""

from datetime import date
from decimal import Decimal

import pytest

from hardgate.core.days import Window
from hardgate.core.terms import Scope
from hardgate.metrics.cloud_growth import metric as cloud_growth
from hardgate.metrics.fcf_positive_trailing import metric as fcf_positive_trailing
from hardgate.metrics.growth import growths
from hardgate.metrics.published import series
from hardgate.metrics.stated import read
from tests.evidence import Tables, table

HEAD = "day company measure concept segment period_start value unit currency method rounding document filed"
Q = {1: ("01-01", "03-31"), 2: ("04-01", "06-30"), 3: ("07-01", "09-30"), 4: ("10-01", "12-31")}


def told(text: str, as_of: date = date(2026, 6, 1)) -> Tables:
    """Tables of `measure period value document filed` lines: 2025Q1, 2025H1, 2025M9 or 2025FY; unit RMBmn."""
    lines = [HEAD]
    for line in text.strip().splitlines():
        measure, period, value, document, filed, *rest = line.split()
        unit, method = [*rest, "RMBmn", "reported"][:2] if len(rest) != 1 else [rest[0], "reported"]
        start, end = span(period)
        known = filed if filed != "-" else end
        lines.append(f"{end} A {measure} {measure} consolidated {start} {value} {unit} - {method} 1 {document} {known}")
    rows = table("\n".join(lines))
    return Tables(as_of, {"published": type(rows)({**rows.columns, "known": rows.columns["filed"]}, rows.count)})


def span(period: str) -> tuple[str, str]:
    year, part = period[:4], period[4:]
    if part.startswith("Q"):
        return f"{year}-{Q[int(part[1])][0]}", f"{year}-{Q[int(part[1])][1]}"
    return f"{year}-01-01", {"H1": f"{year}-06-30", "M9": f"{year}-09-30", "FY": f"{year}-12-31"}[part]


def values(evidence: Tables, measure: str = "revenue") -> dict[str, int]:
    return {str(one.end): int(one.value / 10**6) for one in series(evidence, "A", measure).good}


RESTATED = """
revenue 2025Q1 100 first 2025-05-01
revenue 2025Q1 98 second 2026-05-01
"""


def test_the_old_date_has_the_old_figure_and_the_new_date_the_new_one_which_is_restated() -> None:
    old, new = told(RESTATED, date(2025, 6, 1)), told(RESTATED, date(2026, 6, 1))
    assert (values(old), values(new)) == ({"2025-03-31": 100}, {"2025-03-31": 98})
    assert [one.restated for one in (*series(old, "A", "revenue").good, *series(new, "A", "revenue").good)] == [
        False,
        True,
    ]


def test_a_quarter_that_nobody_states_is_the_difference_of_the_year_to_date() -> None:
    evidence = told("""
    revenue 2025Q1 100 a 2025-05-01
    revenue 2025H1 210 b 2025-08-01
    revenue 2025M9 330 c 2025-11-01
    revenue 2025FY 460 d 2026-02-01
    """)
    assert values(evidence) == {"2025-03-31": 100, "2025-06-30": 110, "2025-09-30": 120, "2025-12-31": 130}
    assert [one.derived for one in series(evidence, "A", "revenue").good] == [False, True, True, True]


def test_a_quarter_derived_from_a_restated_year_and_nine_months_that_were_not_is_not_used() -> None:
    evidence = told("""
    revenue 2025M9 330 c 2025-11-01
    revenue 2025FY 460 d 2026-02-01
    revenue 2025FY 400 e 2026-05-01
    """)
    found = series(evidence, "A", "revenue")
    assert found.good == ()
    assert found.flags == (
        "A revenue to 2025-12-31: derived from e less c: one was restated or renamed, the other was not; not used",
    )


def test_two_figures_of_one_day_that_differ_are_neither_used() -> None:
    evidence = told("revenue 2025Q1 100 a 2025-05-01\nrevenue 2025Q1 120 b 2025-05-01")
    found = series(evidence, "A", "revenue")
    assert found.points == ()
    assert "100000000 and 120000000 are both stated on 2025-05-01; neither is used" in found.flags[0]


def test_a_translation_into_another_currency_is_no_part_of_the_series() -> None:
    evidence = told("""
    revenue 2025Q1 100 a 2025-05-01
    revenue 2025Q2 110 b 2025-08-01
    revenue 2025Q2 15 b 2025-08-01 USDmn
    """)
    assert values(evidence) == {"2025-03-31": 100, "2025-06-30": 110}


def test_a_unit_that_names_another_currency_than_its_column_is_left_out_and_told() -> None:
    rows = table(f"{HEAD}\n2025-03-31 A revenue revenue - 2025-01-01 100 RMBmn USD reported 1 a 2025-05-01")
    stated, left_out = read(Tables(date(2026, 6, 1), {"published": rows}), "A")
    assert stated == []
    assert left_out[0].startswith("A revenue of 2025-03-31: unit 'RMBmn' with currency 'USD'")


FIVE = """
cloud_revenue 2024Q3 29610 a 2024-11-15
cloud_revenue 2025Q3 39820 b 2025-11-25
cloud_revenue_yoy 2025Q3 {printed} b 2025-11-25 ratio
"""


def test_growth_recomputes_and_agrees_with_what_is_printed() -> None:
    evidence = told(FIVE.format(printed="0.34"), date(2025, 12, 2))
    (one,) = [g for g in growths(evidence, "A", "cloud_revenue") if g.before]
    assert one.value == round(39820 / 29610 - 1, 6)


def test_growth_that_does_not_recompute_is_unknown_and_says_both() -> None:
    rows = told(FIVE.format(printed="0.43"), date(2025, 12, 2)).tables["published"]
    place = [Decimal("0.01") if name.endswith("yoy") else Decimal(1) for name in rows.columns["measure"]]
    evidence = Tables(date(2025, 12, 2), {"published": type(rows)({**rows.columns, "rounding": place}, rows.count)})
    reading = evidence.reading(cloud_growth, Scope.of(company="A"), Window(date(2025, 9, 1), date(2025, 12, 2)))
    assert reading.value is None
    assert "printed 43.0 % and recomputed 34.5 % do not agree" in reading.because


LEVELS = "\n".join(
    f"cloud_revenue {year}Q{quarter} {value} d{year}{quarter} -"
    for year, quarter, value in [
        (2023, 1, 2200), (2023, 2, 2300), (2023, 3, 2420), (2023, 4, 2560), (2024, 1, 2670), (2024, 2, 2850),
        (2024, 3, 2400), (2024, 4, 2550), (2025, 1, 2680), (2025, 2, 2990), (2025, 3, 3090),
    ]
)  # fmt: skip


def test_growth_across_a_break_of_level_is_not_taken() -> None:
    evidence = told(LEVELS, date(2025, 10, 30))
    found = {str(one.end): one for one in growths(evidence, "A", "cloud_revenue")}
    assert "the level breaks at 2024-09-30" in found["2025-06-30"].why
    assert found["2025-06-30"].value is None
    assert found["2025-09-30"].value == round(3090 / 2400 - 1, 6)


def test_growth_across_a_break_is_taken_where_one_document_states_both() -> None:
    both = f"{LEVELS}\ncloud_revenue 2024Q2 2520 d20252 2025-07-30"
    evidence = told(both, date(2025, 10, 30))
    found = {str(one.end): one for one in growths(evidence, "A", "cloud_revenue")}
    assert found["2025-06-30"].value == round(2990 / 2520 - 1, 6)
    assert found["2025-06-30"].restated


def test_free_cash_flow_turns_when_four_quarters_are_above_nothing() -> None:
    """Four quarters to Q4 are -5, to the next Q1 10, to Q2 25: two in a row."""
    quarters = [(2025, 1, -30), (2025, 2, 5), (2025, 3, 10), (2025, 4, 10), (2026, 1, -15), (2026, 2, 20)]
    text = "\n".join(f"free_cash_flow {y}Q{q} {v} d{y}{q} -" for y, q, v in quarters)
    evidence = told(text, date(2026, 8, 20))
    reading = evidence.reading(
        fcf_positive_trailing, Scope.of(company="A"), Window(date(2026, 6, 1), date(2026, 8, 20))
    )
    assert (reading.value, dict(reading.facts)["free_cash_flow"]) == (2.0, 25e6)


def test_a_figure_that_is_stale_has_no_value() -> None:
    evidence = told(FIVE.format(printed="0.34"), date(2026, 6, 1))
    reading = evidence.reading(cloud_growth, Scope.of(company="A"), Window(date(2026, 3, 1), date(2026, 6, 1)))
    assert reading.value is None
    assert "the last figure is of 2025-09-30, which is stale" in reading.because


@pytest.mark.parametrize("unit", ["pounds", "-"])
def test_a_unit_that_is_not_understood_leaves_the_figure_out(unit: str) -> None:
    evidence = told(f"revenue 2025Q1 100 a 2025-05-01 {unit}")
    assert series(evidence, "A", "revenue").points == ()
    assert len(read(evidence, "A")[1]) == 1
