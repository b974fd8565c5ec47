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

import hardgate.metrics
from hardgate.core.days import window_ending
from hardgate.core.discover import modules
from hardgate.core.terms import EVERYTHING, Better, Choice, Outcome, Reading, Rows, Scope
from hardgate.review.areas import AREAS
from tests.capacity.world import TODAY
from tests.evidence import Tables
from tests.worlds import METRICS, WORLDS, World

WINDOW = window_ending("8w", TODAY)
CONCEPTS = [module for package in (hardgate.metrics, *AREAS) for module in modules(package)]


def each(kind: str) -> Any:
    """Every metric, gate or exhibit with the world that it lives in."""
    cases = [pytest.param(world, name, id=name) for world in WORLDS for name in getattr(world, kind)]
    return pytest.mark.parametrize(("world", "name"), cases)


def test_there_is_something_to_hold_the_laws_over() -> None:
    gates, exhibits = ({name for world in WORLDS for name in getattr(world, kind)} for kind in ("gates", "exhibits"))
    assert len(METRICS) >= 30
    assert {"capacity.utilization", "capacity.trigger", "capacity.backlog", "capacity.tranche"} <= gates
    assert {"capacity.ladder", "capacity.position", "capacity.coverage"} <= exhibits


def test_every_metric_lives_in_a_world() -> None:
    assert {name for world in WORLDS for name in world.metrics} == set(METRICS)


# Law 1: unknown is a value.


@each("metrics")
def test_without_evidence_a_metric_has_no_value_and_says_what_to_bring(world: World, name: str) -> None:
    for scope in (EVERYTHING, world.scope):
        found = world.empty.reading(world.metrics[name], scope, WINDOW)
        assert (found.value, found.low, found.high, found.missing) == (None, None, None, 1.0)
        assert len(found.because) > 10


@each("gates")
def test_without_evidence_a_gate_is_unknown(world: World, name: str) -> None:
    found = world.verdict(world.gates[name], world.empty)
    assert (found.outcome, found.slack) == (Outcome.UNKNOWN, None)
    assert found.because


@each("exhibits")
def test_without_evidence_an_exhibit_says_what_is_missing(world: World, name: str) -> None:
    found = world.exhibits[name].build(world.empty)
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


def opened(world: World, evidence: Tables) -> set[str]:
    return {name for name, one in world.gates.items() if world.verdict(one, evidence).outcome is Outcome.PASS}


OPEN = {world.name: opened(world, world.full) for world in WORLDS}
PLACES = {"day", "pool", "region", "accelerator", "hour", "tranche"}
HOLES = [
    pytest.param(world, rollup, column, id=f"{rollup}-{column}")
    for world in WORLDS
    for rollup in world.own
    for column in (None, *(one for one in world.full.tables[rollup].columns if one not in PLACES))
]


@pytest.mark.parametrize(("world", "rollup", "column"), HOLES)
def test_a_hole_in_the_evidence_never_raises_and_never_opens_a_gate(
    world: World, rollup: str, column: str | None
) -> None:
    """Whatever is taken away, all can still be built, and no gate passes that did not pass before."""
    less = without(world.full, rollup, column)
    for metric in world.metrics.values():
        found = less.reading(metric, world.scope, WINDOW)
        assert (found.low is None) or (found.high is None) or found.low <= found.high
    for exhibit in world.exhibits.values():
        built = exhibit.build(less)
        assert built.missing or built.sentence
    assert opened(world, less) <= OPEN[world.name]


@each("metrics")
def test_a_reading_lies_in_its_interval_and_in_its_bounds(world: World, name: str) -> None:
    for scope in (*world.scopes, Scope.of(pool="c")):
        found = world.full.reading(world.metrics[name], scope, WINDOW)
        if found.value is not None and found.low is not None and found.high is not None:
            assert found.low <= found.value <= found.high
        if found.bounds is not None and found.low is not None and found.high is not None:
            assert found.low <= found.bounds[0] <= found.bounds[1] <= found.high


# Law 2: every number carries its papers.


@each("metrics")
def test_what_is_known_carries_its_papers(world: World, name: str) -> None:
    found = world.full.reading(world.metrics[name], world.scope, WINDOW)
    assert found.metric == name
    assert found.known, found.because
    assert found.facts
    assert found.batches
    assert found.unit == world.metrics[name].unit


@each("metrics")
def test_a_ratio_names_its_denominator(world: World, name: str) -> None:
    metric = world.metrics[name]
    assert metric.denominator or metric.unit not in {"share", "x"}
    assert metric.meaning


@each("exhibits")
def test_an_exhibit_carries_its_batches(world: World, name: str) -> None:
    built = world.exhibits[name].build(world.full)
    assert built.batches
    assert {len(row) for row in built.rows} == {len(built.headings)}


# Law 3: every total closes.


@each("exhibits")
def test_what_closes_closes(world: World, name: str) -> None:
    assert world.exhibits[name].build(world.full).closes is not False


# Law 4: a gate is judged on the interval, and gets no easier with better evidence taken away.


@each("gates")
def test_a_gate_speaks_of_its_own_conditions(world: World, name: str) -> None:
    found = world.verdict(world.gates[name], world.full)
    assert len(found.judged) == len(world.gates[name].conditions)
    assert found.outcome is not Outcome.PASS or all(one.outcome is Outcome.PASS for one in found.judged)


@each("gates")
def test_every_limit_is_a_field_with_a_default_and_every_choice_can_be_picked(world: World, name: str) -> None:
    gate = world.gates[name]
    assert is_dataclass(gate.limits)
    known = {one.name for one in fields(gate.limits)}
    for condition in gate.conditions:
        for stated in (condition.at_least, condition.at_most):
            assert not isinstance(stated, str) or stated in known
        for choice in (condition.metric, condition.at_least, condition.at_most):
            if isinstance(choice, Choice):
                for option, _ in choice.options:
                    limits: Any = replace(as_any(gate.limits), **{choice.by: option})
                    assert world.verdict(gate, world.full, limits).gate == name


def as_any(value: Any) -> Any:
    return value


LADDER = ("allocated_gpu_ms", "active_gpu_ms", "productive_gpu_ms")


CAPACITY = next(world for world in WORLDS if world.name == "capacity")
RUNG = {
    name: next(fact.column for fact in one.facts if fact.column in LADDER)
    for name, one in CAPACITY.metrics.items()
    if one.better is not Better.NEITHER and any(fact.column in LADDER for fact in one.facts)
}
"""The rung that a metric with a good direction is made of."""


@pytest.mark.parametrize(("name", "rung"), RUNG.items())
def test_a_metric_is_monotone_in_what_it_is_made_of(name: str, rung: str) -> None:
    """More work on its rung never makes what is better higher lower, nor what is better lower higher."""
    full, scope = CAPACITY.full, CAPACITY.scope
    rows = full.tables["pool_day"]
    raised = [None if value is None else round(value * 1.02) for value in rows.columns[rung]]
    more = replace(full, tables={**full.tables, "pool_day": Rows({**rows.columns, rung: raised}, rows.count)})
    before, after = (one.reading(METRICS[name], scope, WINDOW).value for one in (full, more))
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


WORLD = pytest.mark.parametrize("world", WORLDS, ids=lambda one: one.name)


@WORLD
def test_what_becomes_known_later_changes_nothing_before(world: World) -> None:
    past = TODAY - timedelta(weeks=6)
    whole = replace(world.full, tables=dated(world.full.tables))
    seen = {
        name: Rows({c: [v for v, k in zip(values, rows.columns["known"], strict=True) if k <= past] for c, values in rows.columns.items()},
                   sum(k <= past for k in rows.columns["known"]))
        for name, rows in whole.tables.items()
    }  # fmt: skip
    cut = replace(whole, tables=seen)
    for metric in world.metrics.values():
        window = window_ending("8w", past)
        assert whole.at(past).reading(metric, world.scope, window) == cut.at(past).reading(metric, world.scope, window)
    for gate in world.gates.values():
        assert world.verdict(gate, whole.at(past)) == world.verdict(gate, cut.at(past))
    for exhibit in world.exhibits.values():
        assert exhibit.build(whole.at(past)) == exhibit.build(cut.at(past))


# Law 6: same inputs, same bytes.


def shuffled(evidence: Tables, seed: int) -> Tables:
    tables = {}
    for name, rows in evidence.tables.items():
        order = list(range(rows.count))
        random.Random(seed).shuffle(order)  # noqa: S311  a test's order
        tables[name] = Rows({column: [values[i] for i in order] for column, values in rows.columns.items()}, rows.count)
    return replace(evidence, tables=tables)


@WORLD
def test_the_order_of_the_rows_changes_nothing(world: World) -> None:
    full, again = world.full, shuffled(world.full, 7)
    for metric, scope in product(world.metrics.values(), (EVERYTHING, world.scope)):
        assert full.reading(metric, scope, WINDOW) == again.reading(metric, scope, WINDOW)
    for gate in world.gates.values():
        assert world.verdict(gate, full) == world.verdict(gate, again)
    for exhibit in world.exhibits.values():
        assert exhibit.build(full) == exhibit.build(again)


def numbers(value: Any) -> Iterator[Any]:
    if is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from numbers(getattr(value, one.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from numbers(part)
    else:
        yield value


@WORLD
def test_readings_hold_plain_numbers_alone(world: World) -> None:
    """A number of NumPy prints and hashes differently from ours."""
    plain = {float, int, str, bool, type(None), date, Decimal}
    for metric, scope in product(world.metrics.values(), (EVERYTHING, world.scope)):
        found: Reading = world.full.reading(metric, scope, WINDOW)
        kinds = {type(one) for one in numbers(replace(found, status="x"))}  # type: ignore[arg-type]
        assert kinds <= plain, metric.name
    for exhibit in world.exhibits.values():
        assert {type(cell) for row in exhibit.build(world.full).rows for cell in row} <= plain, exhibit.name


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
    for world in WORLDS:
        for kind, found in (("gate", world.gates), ("exhibit", world.exhibits)):
            for name, one in found.items():
                assert importlib.import_module(f"hardgate.{name}").__dict__[kind] is one
    for name, metric in METRICS.items():
        assert importlib.import_module(f"hardgate.metrics.{name}").metric is metric
