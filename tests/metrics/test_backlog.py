from dataclasses import replace
from datetime import date

import pytest

from hardgate.core.days import Window, add_months
from hardgate.core.terms import Metric, Reading, Scope
from hardgate.metrics import (
    backlog_coverage,
    backlog_coverage_haircut,
    backlog_coverage_raw,
    backlog_hhi,
    backlog_top_customer,
    committed_usage,
    revenue_needed,
)
from hardgate.metrics.commitments import servable
from tests.evidence import HOUR, Tables, table

TODAY = date(2026, 9, 7)
WINDOW = Window(date(2026, 8, 10), TODAY)
TRANCHE = Scope.of(region="north", accelerator="H20", pool="a", tranche="hall-4")
PLAN = """
    day         tranche  pool region accelerator gpus  amount currency commit_date live_date   ramp_months
    2026-12-01  hall-4   a    north  H20         10    800    RMB      2026-12-01  2027-12-01  -
    2027-01-01  hall-5   a    north  H20         10    800    RMB      2027-01-01  2027-12-01  -
"""
START = date(2027, 12, 1)
RULES = {
    "hurdle_rate": 0.0, "fixed_cost_per_gpu_month": 0.0, "variable_cost_per_gpu_hour": 0.0, "life_months": 24, "coverage_months": 24,
    "haircut.A": 0.9, "haircut.B": 0.95, "haircut.C": 0.8, "haircut.none": 1.0, "haircut.convenience": 0.0, "single_name_cap": 0.25,
}  # fmt: skip
"""With nothing to pay but 800 of capital over 24 months at no interest, the revenue needed is 800."""
FIVE = (("k1", 450, "A"), ("k2", 200, "B"), ("k3", 150, "B"), ("k4", 100, "C"), ("k5", 100, "C"))
HEAD = (
    "day contract customer pool region accelerator tranche currency committed_amount committed_gpu_ms"
    " take_or_pay termination portable credit_grade rpo backlog"
)


def contract(  # the months of one contract, even by month
    customer: str,
    amount: float,
    grade: str = "A",
    *,
    pool: str = "a",
    tranche: str = "hall-4",
    take_or_pay: str = "true",
    termination: str = "none",
    portable: str = "false",
    hours: float | None = 24.0,
    start: date = START,
    months: int = 24,
    currency: str = "RMB",
) -> list[str]:
    part = "-" if hours is None else str(round(hours / months * HOUR))
    return [
        f"{add_months(start, i)} c-{customer} {customer} {pool} north H20 {tranche} {currency} {amount / months} {part}"
        f" {take_or_pay} {termination} {portable} {grade} - -"
        for i in range(months)
    ]


def evidence(*contracts: list[str], plan: str = PLAN, **rules: float) -> Tables:
    rows = table("\n".join([HEAD, *(line for one in contracts for line in one)]))
    return Tables(TODAY, {"contract_month": rows, "tranche": table(plan)}, assumptions={**RULES, **rules})


def read(metric: Metric, found: Tables, scope: Scope = TRANCHE) -> Reading:
    return found.reading(metric, scope, WINDOW)


def golden() -> Tables:
    return evidence(*(contract(*one) for one in FIVE))


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (backlog_coverage_raw.metric, 1.25),
        (backlog_coverage_haircut.metric, 1.1219),
        (backlog_coverage.metric, 0.8969),
        (backlog_hhi.metric, 0.285),
        (backlog_top_customer.metric, 0.45),
    ],
)
def test_five_customers_pass_after_haircuts_and_fail_with_a_cap_on_single_names(
    metric: Metric, expected: float
) -> None:
    """METHODS 3: 450, 200, 150, 100, 100 against 800: 1.122, with a 25 % cap .897; HHI .285."""
    found = read(metric, golden())
    assert (found.low, found.value, found.high) == (expected, expected, expected)


def test_the_revenue_needed_is_that_of_the_months_covered() -> None:
    found = read(revenue_needed.metric, golden())
    assert (found.value, found.window) == (800.0, Window(date(2027, 12, 1), date(2029, 12, 1)))
    half = read(revenue_needed.metric, evidence(contract("k1", 1), coverage_months=12))
    assert half.value == 400.0


def test_what_the_need_lacks_is_named_with_its_cause_and_with_what_helps() -> None:
    sales = """
        day        region accelerator pool product account net_revenue currency variable_cost gpu_ms
        2026-07-01 north  H20         a    gpu     x       -           RMB      10            7200000
    """
    rules = {name: value for name, value in RULES.items() if name not in {"variable_cost_per_gpu_hour", "hurdle_rate"}}
    given = replace(golden(), assumptions=rules, tables={**golden().tables, "sales_month": table(sales)})
    said = (
        "no hurdle rate, no variable cost (net_revenue is null on 2026-07-01): set hurdle_rate under assumptions,"
        " and bring sales with variable cost, or set variable_cost_per_gpu_hour under assumptions"
    )
    for metric in (revenue_needed.metric, backlog_coverage.metric):
        found = read(metric, given)
        assert (found.value, found.because) == (None, said)


def test_a_ramp_asks_less_of_the_first_months_and_more_of_the_rest() -> None:
    """Three months at a quarter, a half and three quarters: 22.5 of 24 months carry 800."""
    plan = PLAN.replace("2027-12-01  -\n    2027-01-01", "2027-12-01  3\n    2027-01-01")
    found = read(revenue_needed.metric, evidence(contract("k1", 1), plan=plan))
    assert found.value == pytest.approx(800.0, abs=0.02)
    assert dict(found.facts)["revenue_needed_a_month"] == round(800 / 22.5, 2)


def test_what_need_not_be_paid_counts_before_haircuts_alone() -> None:
    loose = evidence(contract("k1", 400), contract("k2", 400, take_or_pay="false"))
    assert read(backlog_coverage_raw.metric, loose).value == 1.0
    assert read(backlog_coverage_haircut.metric, loose).value == 0.45


def test_a_customer_who_may_leave_counts_as_policy_says() -> None:
    leaving = evidence(contract("k1", 400), contract("k2", 400, termination="convenience"))
    assert read(backlog_coverage_haircut.metric, leaving).value == 0.45


def test_a_grade_without_a_haircut_is_unknown_and_not_nothing() -> None:
    found = read(backlog_coverage.metric, evidence(contract("k1", 400, "D")))
    assert (found.value, found.known) == (None, False)
    assert found.because.startswith("no haircut for credit grade D; set haircut under assumptions")
    assert read(backlog_coverage_raw.metric, evidence(contract("k1", 400, "D"))).value == 0.5


def test_only_the_months_that_the_tranche_serves_count() -> None:
    early = evidence(contract("k1", 480, start=date(2026, 12, 1)))
    assert read(backlog_coverage_raw.metric, early).value == 0.3
    assert read(backlog_coverage_raw.metric, evidence(contract("k1", 480, start=date(2030, 1, 1)))).value == 0.0


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"tranche": "hall-4"}, 1.0),
        ({"tranche": "hall-5"}, 0.0),
        ({"tranche": "a-live"}, 0.0),
        ({"tranche": "-", "pool": "b"}, 0.0),
        ({"tranche": "-", "pool": "b", "portable": "true"}, 1.0),
        ({"tranche": "-", "pool": "-"}, 1.0),
        ({"tranche": "-", "pool": "a"}, 1.0),
    ],
)
def test_what_is_bound_elsewhere_does_not_count(row: dict[str, str], expected: float) -> None:
    assert read(backlog_coverage_raw.metric, evidence(contract("k1", 800, **row))).value == expected  # type: ignore[arg-type]


def test_what_is_pledged_to_nothing_is_given_once() -> None:
    """240,000 GPU-hours in two years fill hall-4 (175,440) first; hall-5 gets the rest, none of it twice."""
    shared = evidence(contract("k1", 800, tranche="-", hours=240_000))
    first = servable(shared, TRANCHE)
    second = servable(shared, Scope.of(pool="a", tranche="hall-5"))
    assert first is not None
    assert second is not None
    amounts = [sum(one.amount for one in found.commitments) for found in (first, second)]
    assert amounts[0] == pytest.approx(10 * 24 * 731 * 800 / 240_000, rel=2e-3)
    assert sum(amounts) == pytest.approx(800, rel=1e-9)


def test_more_than_the_tranche_can_serve_does_not_count() -> None:
    """351,000 GPU-hours are pledged to a tranche that has 175,440 in those months: half of the money counts."""
    full = read(backlog_coverage_raw.metric, evidence(contract("k1", 800, hours=2 * 10 * 24 * 731)))
    assert full.value == pytest.approx(0.5, abs=0.005)


def test_an_amount_without_a_rate_is_unknown() -> None:
    found = read(backlog_coverage_raw.metric, evidence(contract("k1", 800, currency="EUR")))
    assert (found.value, "no rate from EUR to RMB" in found.because) == (None, True)


def test_without_contracts_nothing_is_covered_and_nothing_is_said_to_be_zero() -> None:
    found = read(backlog_coverage.metric, Tables(TODAY, {"tranche": table(PLAN)}, assumptions=RULES))
    assert (found.value, found.because) == (None, "no contracts: bring contracts with amounts, terms and take-or-pay")
    assert read(backlog_coverage.metric, golden(), Scope.of(pool="z")).because.startswith("no tranche in z: bring")


def test_committed_usage_is_of_the_largest_accounts_and_the_tranches_hours() -> None:
    """Ten GPUs have 175,440 hours in 731 days; six accounts of 20,000 each, of which five count."""
    six = evidence(*(contract(f"k{i}", 10, hours=20_000) for i in range(6)))
    found = read(committed_usage.metric, six)
    assert (found.value, found.because) == (round(100_000 / 175_440, 4), "largest 5 of 6 accounts")
    assert read(committed_usage.metric, replace(six, assumptions={**RULES, "top_accounts": 1})).value == round(
        20_000 / 175_440, 4
    )


def test_reservations_are_no_committed_usage() -> None:
    assert read(committed_usage.metric, evidence(contract("k1", 10, take_or_pay="false", hours=20_000))).value == 0.0


def test_a_contract_without_hours_leaves_committed_usage_unknown() -> None:
    found = read(committed_usage.metric, evidence(contract("k1", 10, hours=None)))
    assert (found.value, found.because) == (
        None, "no GPU-hours in the contracts of k1: bring contracts with committed_gpu_hours",
    )  # fmt: skip
