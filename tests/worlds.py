"""The worlds that the laws are held over: one an area, with its concepts and evidence for every one of them.

`tests/<area>/world.py` says what an area reads beyond what capacity reads: `TABLES` by rollup, the `SCOPE` at which its
metrics are asked, and the `ASSUMPTIONS` of policy. A metric belongs to the first world that has all of its tables.
"""

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import hardgate.metrics
from hardgate.core.discover import discover
from hardgate.core.terms import EVERYTHING, Exhibit, Gate, Metric, Rows, Scope, Verdict
from hardgate.gates.judge import Rule, judge, periods_of
from hardgate.review.areas import AREAS
from tests.capacity import world as capacity
from tests.evidence import Tables

METRICS: Mapping[str, Metric] = discover(hardgate.metrics, "metric")


@dataclass(frozen=True)
class World:
    """One area's concepts, with evidence for all of them; `own` are the rollups that no world before it has."""

    name: str
    full: Tables
    scope: Scope
    own: tuple[str, ...]
    metrics: Mapping[str, Metric]
    gates: Mapping[str, Gate]
    exhibits: Mapping[str, Exhibit]

    @property
    def empty(self) -> Tables:
        return replace(self.full, tables={}, assumptions={})

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Everything, and from the first part of the scope to all of it."""
        return tuple(Scope(self.scope.parts[:count]) for count in range(len(self.scope.parts) + 1))

    def verdict(self, gate: Gate, evidence: Tables, limits: Any = None) -> Verdict:
        scope = self.scope.narrowed(gate.per)
        days = periods_of(evidence, gate, scope)
        return judge(gate, None, scope, evidence.at, days, Rule(), limits or evidence.limits(gate.name, scope))


def _worlds() -> Iterator[World]:
    tables: dict[str, Rows] = {}
    left = dict(METRICS)
    for area in AREAS:
        gates, exhibits = discover(area, "gate"), discover(area, "exhibit")
        name = area.__name__.rpartition(".")[2]
        if not gates and not exhibits:
            continue
        told = importlib.import_module(f"tests.{name}.world")
        own = {rollup: rows for rollup, rows in told.TABLES.items() if tables.get(rollup) is not rows}
        tables |= own
        mine = {name: one for name, one in left.items() if {fact.table for fact in one.facts} <= set(tables)}
        left = {name: one for name, one in left.items() if name not in mine}
        limits: dict[tuple[str, Scope], Any] = {(one.name, EVERYTHING): one.limits for one in gates.values()}
        assumptions = {**capacity.ASSUMPTIONS, **told.ASSUMPTIONS}
        full = Tables(capacity.TODAY, dict(tables), assumptions=assumptions, set_limits=limits)
        yield World(name, full, told.SCOPE, tuple(own), mine, gates, exhibits)


WORLDS = tuple(_worlds())
