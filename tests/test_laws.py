"""The laws of DESIGN 1 over everything that is found by walking the folders: a new concept gets them for nothing."""

import ast
import doctest
import importlib
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import hardgate.capacity
import hardgate.metrics
from hardgate.core.days import add_months, window_ending
from hardgate.core.discover import discover, modules
from hardgate.core.terms import (
    EVERYTHING,
    Better,
    Choice,
    Exhibit,
    Gate,
    Metric,
    Outcome,
    Reading,
    Rows,
    Scope,
    Verdict,
)
from hardgate.gates.judge import Rule, judge, periods_of
from tests.evidence import HOUR, Tables, day_rows, pool_days, table

TODAY = date(2026, 9, 7)
START = date(2025, 3, 1)
DAYS = (TODAY - START).days
WINDOW = window_ending("8w", TODAY)
AREAS = (hardgate.capacity,)
METRICS: Mapping[str, Metric] = discover(hardgate.metrics, "metric")
GATES: Mapping[str, Gate] = {name: one for area in AREAS for name, one in discover(area, "gate").items()}
EXHIBITS: Mapping[str, Exhibit] = {name: one for area in AREAS for name, one in discover(area, "exhibit").items()}
CONCEPTS = [module for package in (hardgate.metrics, *AREAS) for module in modules(package)]
SCOPE = Scope.of(region="north", accelerator="H20", pool="a", tranche="hall-4")
RULES = {
    "discount_rate": 0.12, "hurdle_rate": 0.12, "fixed_cost_per_gpu_month": 100.0, "lead_months": 10.0,
    "haircut.A": 0.95, "haircut.none": 1.0, "coverage_months": 12.0,
}  # fmt: skip
PLAN = """
    day         tranche  pool region accelerator gpus  amount   currency commit_date live_date   ramp_months released_share
    2026-11-01  hall-4   a    north  H20         40    800000   USD      2026-11-01  2027-11-01  3           -
    2026-12-01  hall-5   b    north  H20         20    400000   RMB      2026-12-01  2027-12-01  -           0.2
"""
FEES = "day tranche fee currency\n2026-01-01 hall-4 10000 USD\n2026-06-01 hall-5 0 RMB\n2027-01-01 hall-4 300000 USD"
RATES = "day from_currency to_currency rate\n2024-01-01 USD RMB 7.1\n2026-01-01 USD RMB 7.2"
INVENTORY = """
    day         pool region accelerator gpus live_date   retire_date kilowatts
    2025-03-01  a    north  H20         100  2025-03-01  -           90
    2025-03-01  b    north  H20         50   2025-03-01  -           45
    2025-03-01  c    south  L20         30   2025-03-01  -           20
    2027-01-01  a    north  H20         20   2027-01-01  -           18
"""


def wave(mean: float, by: float = 0.02) -> Any:
    return lambda i: mean + by * ((i * 13) % 7 - 3) / 3


def months(start: date, count: int) -> Iterator[date]:
    return (add_months(start, i) for i in range(count))


def operator(known_later: date | None = None) -> Tables:
    """A small operator with something in every rollup; where `known_later` is given, each row says when it became known."""
    sales = ["day account product pool region accelerator currency gpu_ms net_revenue variable_cost"]
    for month in months(date(2025, 6, 1), 15):
        sales += [f"{month} k1 gpu a north H20 RMB {60 * 730 * HOUR} {60 * 3000} {60 * 400}"]
        sales += [f"{month} k2 gpu b north H20 USD {30 * 730 * HOUR} {30 * 420} {30 * 60}"]
    head = "day contract customer pool region accelerator tranche currency committed_amount committed_gpu_ms"
    contracts = [f"{head} take_or_pay termination portable credit_grade rpo backlog"]
    for month in months(date(2027, 6, 1), 30):
        for customer, used in (("k1", 9000), ("k2", 8000), ("k3", 6000)):
            money = f"{used * 4} {used * HOUR} true none false A {used * 4} {used * 4}"
            contracts.append(f"{month} c-{customer} {customer} a north H20 hall-4 RMB {money}")
        contracts.append(f"{month} c-k4 k4 - - - - RMB 1000 {250 * HOUR} false none true A - 1000")
    bill = ["day pool region accelerator currency effective_cost"]
    for day in (date(2026, 1, 1) + timedelta(days=i) for i in range(245)):
        bill += [f"{day} a north H20 RMB 1000.10", f"{day} b north H20 USD 70.05", f"{day} - - - RMB 33.33"]
    ledger = ["day pool region accelerator account cost_centre currency amount"]
    ledger += [f"{month} a north H20 power x RMB 30000" for month in months(date(2025, 9, 1), 12)]
    hours = ["day hour region accelerator pool field held bin gpu_ms"]
    for field, level in ((203, 99), (1002, 50)):
        hours += [f"2026-09-0{d} - north H20 a {field} true {level} {HOUR * 20}" for d in range(1, 7)]
    pools = (
        pool_days("a", START, DAYS, allocated=wave(0.85), active=wave(0.8), productive=wave(0.75), queued=wave(0.03)),
        pool_days(
            "b", START, DAYS, gpus=50, allocated=wave(0.6), active=wave(0.5), productive=wave(0.4), unlabelled=0.01
        ),
        pool_days(
            "c", START, DAYS, gpus=30, region="south", accelerator="L20", active=None, productive=None, unlabelled=None
        ),
    )
    texts = {
        "inventory": INVENTORY, "tranche": PLAN, "cancel_fee": FEES, "exchange_rate": RATES,
        "sales_month": "\n".join(sales), "contract_month": "\n".join(contracts), "cost_day": "\n".join(bill),
        "ledger_month": "\n".join(ledger), "pool_hour": "\n".join(hours),
    }  # fmt: skip
    tables = {"pool_day": day_rows(*pools), **{name: table(text) for name, text in texts.items()}}
    limits: dict[tuple[str, Scope], Any] = {(name, EVERYTHING): gate.limits for name, gate in GATES.items()}
    return Tables(TODAY, tables, assumptions=RULES, set_limits=limits)


FULL, EMPTY = operator(), replace(operator(), tables={}, assumptions={})


def verdict(gate: Gate, evidence: Tables, limits: Any = None) -> Verdict:
    scope = SCOPE.narrowed(gate.per)
    days = periods_of(evidence, scope, gate.window)
    return judge(gate, None, scope, evidence.at, days, Rule(), limits or evidence.limits(gate.name, scope))


def test_there_is_something_to_hold_the_laws_over() -> None:
    assert len(METRICS) >= 30
    assert {"capacity.utilization", "capacity.trigger", "capacity.backlog", "capacity.tranche"} <= set(GATES)
    assert {"capacity.ladder", "capacity.position", "capacity.coverage"} <= set(EXHIBITS)


# Law 1: unknown is a value.


@pytest.mark.parametrize("name", METRICS)
def test_without_evidence_a_metric_has_no_value_and_says_what_to_bring(name: str) -> None:
    for scope in (EVERYTHING, SCOPE):
        found = EMPTY.reading(METRICS[name], scope, WINDOW)
        assert (found.value, found.low, found.high, found.missing) == (None, None, None, 1.0)
        assert len(found.because) > 10


@pytest.mark.parametrize("name", GATES)
def test_without_evidence_a_gate_is_unknown(name: str) -> None:
    found = verdict(GATES[name], EMPTY)
    assert (found.outcome, found.slack) == (Outcome.UNKNOWN, None)
    assert found.because


@pytest.mark.parametrize("name", EXHIBITS)
def test_without_evidence_an_exhibit_says_what_is_missing(name: str) -> None:
    found = EXHIBITS[name].build(EMPTY)
    assert (found.rows, found.sentence) == ((), "")
    assert "bring" in found.missing


def without(evidence: Tables, rollup: str, column: str | None = None) -> Tables:
    """The same evidence without one rollup, or with one of its columns null."""
    tables = dict(evidence.tables)
    if column is None:
        del tables[rollup]
    else:
        rows = tables[rollup]
        tables[rollup] = Rows({**rows.columns, column: [None] * rows.count}, rows.count)
    return replace(evidence, tables=tables)


OPEN = {name for name, gate in GATES.items() if verdict(gate, FULL).outcome is Outcome.PASS}
HOLES = [(rollup, None) for rollup in FULL.tables] + [
    (rollup, column)
    for rollup, rows in FULL.tables.items()
    for column in rows.columns
    if column not in {"day", "pool", "region", "accelerator", "hour", "tranche"}
]


@pytest.mark.parametrize(("rollup", "column"), HOLES)
def test_a_hole_in_the_evidence_never_raises_and_never_opens_a_gate(rollup: str, column: str | None) -> None:
    """Whatever is taken away, all can still be built, and no gate passes that did not pass before."""
    less = without(FULL, rollup, column)
    for metric in METRICS.values():
        found = less.reading(metric, SCOPE, WINDOW)
        assert (found.low is None) or (found.high is None) or found.low <= found.high
    for exhibit in EXHIBITS.values():
        built = exhibit.build(less)
        assert built.missing or built.sentence
    opened = [name for name, gate in GATES.items() if verdict(gate, less).outcome is Outcome.PASS]
    assert set(opened) <= OPEN


@pytest.mark.parametrize("name", METRICS)
def test_a_reading_lies_in_its_interval_and_in_its_bounds(name: str) -> None:
    for scope in (EVERYTHING, Scope.of(region="north", accelerator="H20"), SCOPE, Scope.of(pool="c")):
        found = FULL.reading(METRICS[name], scope, WINDOW)
        if found.value is not None and found.low is not None and found.high is not None:
            assert found.low <= found.value <= found.high
        if found.bounds is not None and found.low is not None and found.high is not None:
            assert found.low <= found.bounds[0] <= found.bounds[1] <= found.high


# Law 2: every number carries its papers.


@pytest.mark.parametrize("name", METRICS)
def test_what_is_known_carries_its_papers(name: str) -> None:
    found = FULL.reading(METRICS[name], SCOPE, WINDOW)
    assert found.metric == name
    assert found.known, found.because
    assert found.facts
    assert found.batches
    assert found.unit == METRICS[name].unit


@pytest.mark.parametrize("name", METRICS)
def test_a_ratio_names_its_denominator(name: str) -> None:
    metric = METRICS[name]
    assert metric.denominator or metric.unit not in {"share", "x"}
    assert metric.meaning


@pytest.mark.parametrize("name", EXHIBITS)
def test_an_exhibit_carries_its_batches(name: str) -> None:
    built = EXHIBITS[name].build(FULL)
    assert built.batches
    assert {len(row) for row in built.rows} == {len(built.headings)}


# Law 3: every total closes.


@pytest.mark.parametrize("name", EXHIBITS)
def test_what_closes_closes(name: str) -> None:
    assert EXHIBITS[name].build(FULL).closes is not False


# Law 4: a gate is judged on the interval, and gets no easier with better evidence taken away.


@pytest.mark.parametrize("name", GATES)
def test_a_gate_speaks_of_its_own_conditions(name: str) -> None:
    found = verdict(GATES[name], FULL)
    assert len(found.judged) == len(GATES[name].conditions)
    assert found.outcome is not Outcome.PASS or all(one.outcome is Outcome.PASS for one in found.judged)


@pytest.mark.parametrize("name", GATES)
def test_every_limit_is_a_field_with_a_default_and_every_choice_can_be_picked(name: str) -> None:
    gate = GATES[name]
    assert is_dataclass(gate.limits)
    known = {one.name for one in fields(gate.limits)}
    for condition in gate.conditions:
        for stated in (condition.at_least, condition.at_most):
            assert not isinstance(stated, str) or stated in known
        for choice in (condition.metric, condition.at_least, condition.at_most):
            if isinstance(choice, Choice):
                for option, _ in choice.options:
                    limits: Any = replace(as_any(gate.limits), **{choice.by: option})
                    assert verdict(gate, FULL, limits).gate == name


def as_any(value: Any) -> Any:
    return value


LADDER = ("allocated_gpu_ms", "active_gpu_ms", "productive_gpu_ms")


RUNG = {
    name: next(fact.column for fact in one.facts if fact.column in LADDER)
    for name, one in METRICS.items()
    if one.better is not Better.NEITHER and any(fact.column in LADDER for fact in one.facts)
}
"""The rung that a metric with a good direction is made of."""


@pytest.mark.parametrize(("name", "rung"), RUNG.items())
def test_a_metric_is_monotone_in_what_it_is_made_of(name: str, rung: str) -> None:
    """More work on its rung never makes what is better higher lower, nor what is better lower higher."""
    rows = FULL.tables["pool_day"]
    raised = [None if value is None else round(value * 1.02) for value in rows.columns[rung]]
    more = replace(FULL, tables={**FULL.tables, "pool_day": Rows({**rows.columns, rung: raised}, rows.count)})
    before, after = (one.reading(METRICS[name], SCOPE, WINDOW).value for one in (FULL, more))
    assert before is not None
    assert after is not None
    assert after >= before if METRICS[name].better is Better.HIGHER else after <= before


def test_the_direction_of_every_measured_rung_is_held() -> None:
    assert {"productive_utilization", "activation", "cost_per_productive_gpu_hour", "tranche_value"} <= set(RUNG)


# Law 5: nothing is read that was not known.


def dated(tables: Mapping[str, Rows]) -> Mapping[str, Rows]:
    """The same rows, each known the day after its day, or at the beginning where it speaks of the future."""
    found = {}
    for name, rows in tables.items():
        days = [min(day + timedelta(days=1), TODAY) for day in rows.columns["day"]]
        found[name] = Rows({**rows.columns, "known": days}, rows.count)
    return found


def test_what_becomes_known_later_changes_nothing_before() -> None:
    past = TODAY - timedelta(weeks=6)
    whole = replace(FULL, tables=dated(FULL.tables))
    seen = {
        name: Rows({c: [v for v, k in zip(values, rows.columns["known"], strict=True) if k <= past] for c, values in rows.columns.items()},
                   sum(k <= past for k in rows.columns["known"]))
        for name, rows in whole.tables.items()
    }  # fmt: skip
    cut = replace(whole, tables=seen)
    for metric in METRICS.values():
        window = window_ending("8w", past)
        assert whole.at(past).reading(metric, SCOPE, window) == cut.at(past).reading(metric, SCOPE, window)
    for gate in GATES.values():
        assert verdict(gate, whole.at(past)) == verdict(gate, cut.at(past))
    for exhibit in EXHIBITS.values():
        assert exhibit.build(whole.at(past)) == exhibit.build(cut.at(past))


# Law 6: same inputs, same bytes.


def shuffled(evidence: Tables, seed: int) -> Tables:
    tables = {}
    for name, rows in evidence.tables.items():
        order = list(range(rows.count))
        random.Random(seed).shuffle(order)  # noqa: S311  a test's order
        tables[name] = Rows({column: [values[i] for i in order] for column, values in rows.columns.items()}, rows.count)
    return replace(evidence, tables=tables)


def test_the_order_of_the_rows_changes_nothing() -> None:
    again = shuffled(FULL, 7)
    for name, scope in product(METRICS, (EVERYTHING, SCOPE)):
        assert FULL.reading(METRICS[name], scope, WINDOW) == again.reading(METRICS[name], scope, WINDOW)
    for gate in GATES.values():
        assert verdict(gate, FULL) == verdict(gate, again)
    for exhibit in EXHIBITS.values():
        assert exhibit.build(FULL) == exhibit.build(again)


def numbers(value: Any) -> Iterator[Any]:
    if is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from numbers(getattr(value, one.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from numbers(part)
    else:
        yield value


def test_readings_hold_plain_numbers_alone() -> None:
    """A number of NumPy prints and hashes differently from ours."""
    plain = {float, int, str, bool, type(None), date, Decimal}
    for name, scope in product(METRICS, (EVERYTHING, SCOPE)):
        found: Reading = FULL.reading(METRICS[name], scope, WINDOW)
        kinds = {type(one) for one in numbers(replace(found, status="x"))}  # type: ignore[arg-type]
        assert kinds <= plain, name
    for exhibit in EXHIBITS.values():
        assert {type(cell) for row in exhibit.build(FULL).rows for cell in row} <= plain, exhibit.name


# The house.


@pytest.mark.parametrize("module", CONCEPTS, ids=lambda one: one.__name__)
def test_every_module_is_its_own_documentation(module: Any) -> None:
    """A sentence first, then what it is and when it would be wrong, a worked example, and for a concept its source."""
    text = module.__doc__
    assert text
    assert re.match(r"\S.*[.?:]$", text.splitlines()[0]), text.splitlines()[0]
    assert doctest.DocTestParser().get_examples(text), "no worked example"
    if any(hasattr(module, kind) for kind in ("metric", "gate", "exhibit")):
        assert "Source:" in text


@pytest.mark.parametrize("module", CONCEPTS, ids=lambda one: one.__name__)
def test_no_prose_and_no_head_prints_the_bare_word(module: Any) -> None:
    """METHODS 1: "GPU utilization" 99 % is SM activity 50 %, so the word alone says nothing."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    said = [
        text
        for text in texts
        if re.search(r'(?<![_."])\butilization\b(?!["_])', text) and not re.fullmatch(r"\S+", text)
    ]
    assert said == []


def test_a_name_is_its_path() -> None:
    for name, gate in {**GATES, **EXHIBITS}.items():
        assert importlib.import_module(f"hardgate.{name}").__dict__["gate" if name in GATES else "exhibit"] is gate
    for name, metric in METRICS.items():
        assert importlib.import_module(f"hardgate.metrics.{name}").metric is metric
