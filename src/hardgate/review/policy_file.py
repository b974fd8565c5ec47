"""How policy.yaml is written: the sections, keys and types of the file, made from the gates and metrics there are.

A gate's keys are the fields of its own `Limits` and the rule that holds for every gate, so that a new gate can be set
without any change here. `json_schema` publishes the same models for editors (`hardgate schema policy`).
"""

import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from hardgate.core.terms import Choice, Condition, Gate, Metric
from hardgate.review import policy_assumptions
from hardgate.review.fields import (
    ActionName,
    Count,
    Day,
    DimensionName,
    Evaluations,
    Flag,
    Horizon,
    InnerShare,
    Length,
    ModeName,
    Money,
    Number,
    Points,
    Section,
    Share,
    Text,
    Where,
    Whole,
    list_of,
    made,
    one_of,
)

ON_FAIL = ("hold", "refuse")
UNKNOWN = ("never", "waivable")
OWN = "own."
"""How the name of an own gate begins."""


class Rule(Section):
    """What may be set for any gate, in all or in one scope."""

    mode: ModeName | None = Field(None, description="shadow holds nothing, advise is shown, block holds")
    held_for: Count | None = Field(None, description="evaluations in a row that a condition must hold")
    band: Points | None = Field(None, description="distance between entering PASS and leaving it")
    cool_down: Evaluations | None = Field(None, description="evaluations between leaving PASS and passing again")
    max_missing: Share | None = Field(None, description="largest share of a window without telemetry")
    max_missing_money: Share | None = Field(None, description="largest share of a window without money rows")
    on_fail: Annotated[str, one_of(ON_FAIL, "outcome")] | None = Field(None, description="hold or refuse the ask")
    unknown: Annotated[str, one_of(UNKNOWN, "rule")] | None = Field(None, description="whether UNKNOWN can be waived")
    owner: Text | None = Field(None, description="who answers for the gate")


class WholeRule(Rule):
    """What may be set for a gate as a whole."""

    per: list[DimensionName] | None = Field(None, description="dimensions that the gate is judged on")
    window: Length | None = Field(None, description="days that a reading looks back on")


RULE = tuple(name for name in Rule.model_fields)
WHOLE_RULE = ("per", "window")
DESCRIBING = ("name", "metric", "question", "opens", "scopes")


class SignOffRow(Where):
    """Who must sign an action up to an amount; the row without `up_to` is the top one."""

    action: ActionName
    up_to: Money | None = Field(None, description="largest amount, in the reporting currency")
    roles: list[Text] = Field(description="roles that must sign; a role that stands twice needs two people")


class Waivers(Section):
    """Who may waive a gate, and how long."""

    roles: list[Text] = Field(description="roles that must all sign a waiver")
    max_days: Count = Field(90, description="longest life of a waiver, in days")
    not_for: list[Text] | None = Field(None, description="gates that cannot be waived")
    unknown: list[Text] | None = Field(None, description="gates whose UNKNOWN can be waived")


class SignerRow(Section):
    """A person with a key."""

    name: Text
    roles: list[Text]
    key: Text = Field(description="ed25519:BASE64, the public half (hardgate keys new)")
    up_to: Money | None = Field(None, description="largest amount, in the reporting currency")
    email: Text | None = None


class File(Section):
    """The sections of policy.yaml."""

    confidence: InnerShare | None = Field(None, description="confidence of every interval")
    horizon: Horizon | None = Field(None, description="how far ahead tranches ask by themselves")
    roles: list[Text] | None = Field(None, description="the roles that may stand anywhere below")
    sign_off: list[SignOffRow] | None = Field(None, description="who must sign, by action and amount")
    waivers: Waivers | None = None
    signers: list[SignerRow] | None = None


OPTIONAL = tuple((name,) for name in (*File.model_fields, "gates", "own_gates", "assumptions"))
MAY_BE_EMPTY = (
    *OPTIONAL,
    ("gates", "*"),
    ("gates", "*", "scopes"),
    ("own_gates", "*", "opens"),
    ("assumptions", "scopes"),
)
"""Sections that may stand with everything below them commented out."""


def file_model(gates: Mapping[str, Gate], metrics: Mapping[str, Metric]) -> type[Any]:
    """Return the model of policy.yaml for these gates and metrics."""
    by_gate = {
        f"gate_{i}": (gate_model(gate, metrics) | None, Field(None, alias=name, description=gate.question))
        for i, (name, gate) in enumerate(gates.items())
    }
    sections = {
        "gates": (made("Gates", (Section,), by_gate) | None, None),
        "own_gates": (list_of(own_gate_model(metrics)), None),
        "assumptions": (policy_assumptions.model() | None, None),
    }
    found: type[Any] = made("Policy", (File,), sections)
    return found


def gate_model(gate: Gate, metrics: Mapping[str, Metric]) -> Any:  # noqa: ANN401  a model class
    """Return the model of what policy.yaml may set under one gate."""
    limits = {name: (kind | None, Field(None, description=told)) for name, kind, told in limit_fields(gate, metrics)}
    taken = set(limits) & {*RULE, *WHOLE_RULE, *DESCRIBING, *Where.model_fields}
    if taken:
        raise ValueError(
            f"{gate.name} has limits that are called like a rule or a dimension: {', '.join(sorted(taken))}"
        )
    row = made(f"{gate.name} scope", (Where, Rule), limits)
    return made(gate.name, (WholeRule,), {**limits, "scopes": (list_of(row), None)})


def limit_fields(gate: Gate, metrics: Mapping[str, Metric]) -> Iterator[tuple[str, Any, str]]:
    """Yield name, type and description of each limit of a gate."""
    hints = typing.get_type_hints(type(gate.limits))
    shares = share_limits(gate, metrics)
    picked = {one.by: one for one in choices(gate.conditions)}
    for one in fields(gate.limits):
        default = getattr(gate.limits, one.name)
        yield one.name, _kind(gate, one.name, hints[one.name], shares, picked), f"default {default}"


def _kind(gate: Gate, name: str, hint: Any, shares: frozenset[str], picked: Mapping[str, Choice]) -> Any:  # noqa: ANN401  an annotation
    if name in picked:
        return Annotated[str, one_of([option for option, _ in picked[name].options], name)]
    plain = _without_none(hint)
    if typing.get_origin(plain) is Literal:
        return Annotated[str, one_of([str(one) for one in typing.get_args(plain)], name)]
    number = Share if name in shares else Number
    kinds: dict[Any, Any] = {float: number, int: Whole, bool: Flag, str: Text, date: Day}
    if plain not in kinds:
        raise ValueError(
            f"{gate.name}: limit {name!r} is of type {hint}; policy.yaml can set float, int, bool, str, date or Literal"
        )
    return kinds[plain]


def _without_none(hint: Any) -> Any:  # noqa: ANN401  an annotation
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        inner = [one for one in typing.get_args(hint) if one is not type(None)]
        return inner[0] if len(inner) == 1 else hint
    return hint


def share_limits(gate: Gate, metrics: Mapping[str, Metric]) -> frozenset[str]:
    """Return the limits of a gate that are shares: those of a metric that is at most one, and those named like one."""
    found = {name for name, metric in metrics.items() if metric.at_most_one}
    for condition in gate.conditions:
        limit = condition.at_least if condition.at_least is not None else condition.at_most
        if isinstance(limit, str) and all(one.at_most_one for one in options(condition.metric)):
            found |= {limit, condition.leaves} - {""}
    return frozenset(found)


def options(metric: Metric | Choice) -> Sequence[Metric]:
    """Return the metrics that a condition may read."""
    return (metric,) if isinstance(metric, Metric) else tuple(one for _, one in metric.options)


def choices(conditions: Iterable[Condition]) -> Iterator[Choice]:
    """Yield the choices that limits of a gate make."""
    for condition in conditions:
        for one in (condition.metric, condition.at_least, condition.at_most):
            if isinstance(one, Choice):
                yield one


def own_gate_model(metrics: Mapping[str, Metric]) -> Any:  # noqa: ANN401  a model class
    """Return the model of one entry of `own_gates`."""
    sides = dict.fromkeys(("at_least", "at_most"), (Number | None, None))
    row = made("OwnGateScope", (Where, Rule), sides)
    described = {
        "name": (Text, Field(description="begins with own.")),
        "metric": (Annotated[str, one_of(list(metrics), "metric")], ...),
        "question": (Text | None, None),
        "opens": (ActionName | None, Field(None, description="action that it guards; without one it is a signal")),
        "scopes": (list_of(row), None),
    }
    return made("OwnGate", (WholeRule,), {**described, **sides})


def json_schema(gates: Mapping[str, Gate], metrics: Mapping[str, Metric]) -> dict[str, Any]:
    """Return the JSON Schema of policy.yaml."""
    whole = file_model(gates, metrics).model_json_schema(by_alias=True)
    sections = {"properties": whole["properties"], "$defs": {"Gates": whole["$defs"]["Gates"]}}
    said = {**_valued(whole), "properties": sections["properties"]}
    said["$defs"] |= sections["$defs"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **said, "title": "hardgate policy.yaml"}


def _valued(made: Any) -> Any:  # noqa: ANN401  JSON
    """Return a schema that does not take an empty value: a key without one is a mistake, a section may stand empty."""
    if isinstance(made, list):
        return [_valued(one) for one in made if one != {"type": "null"}]
    if not isinstance(made, dict):
        return made
    return {name: _valued(below) for name, below in made.items() if (name, below) != ("default", None)}
