"""The policy of an operator: limits, rules, assumptions and who may sign, typed and with the line each comes from.

Everything that policy.yaml does not set is the gate's own default, in mode shadow: an unlisted gate is computed and
recorded and holds nothing. A reader of the policy asks by scope, and the most specific row of the file answers.

Wrong when a scope of the file names a region that no data knows: it is then never used. `named` lists them for a check.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from hardgate.core.errors import NotFound, nearest
from hardgate.core.terms import EVERYTHING, Action, Assumption, Gate, Metric, Mode, Needed, Scope
from hardgate.gates import judge
from hardgate.review import sign_off
from hardgate.review.assumptions import known
from hardgate.review.decide import Consequence
from hardgate.review.decoding import content_of, decoded
from hardgate.review.scoped import Found, Row, setting
from hardgate.review.sign_off import Rung

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Signer:
    """A person whose key policy knows; `up_to` None is no bound of its own, `key` is "ed25519:" and base64."""

    name: str
    roles: tuple[str, ...]
    key: str
    up_to: Decimal | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class WaiverRules:
    """Who must all sign a waiver, how long it may live, and which gates cannot be waived."""

    needed: tuple[Needed, ...] = ()
    max_days: int = 90
    not_for: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """What policy.yaml says. Gates, modes, rules, limits and assumptions are asked for by scope."""

    file: str
    digest: str
    all_gates: Mapping[str, Gate]
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    assumption_rows: tuple[Row, ...] = ()
    matrix: tuple[Rung, ...] = ()
    signers: tuple[Signer, ...] = ()
    waivers: WaiverRules = WaiverRules()
    roles: tuple[str, ...] = ()
    confidence: float = 0.9
    horizon: str = "26w"
    _limits: dict[tuple[str, Scope], Any] = field(default_factory=dict, repr=False, compare=False)

    def gates(self) -> Mapping[str, Gate]:
        """Return every gate by name, own gates included, with the window, dimensions and owner that policy sets."""
        return self.all_gates

    def mode(self, gate: str, scope: Scope = EVERYTHING) -> Mode:
        """Return the mode of a gate; shadow where policy does not say."""
        return Mode(self._set(gate, "mode", scope, Mode.SHADOW.value))

    def rule(self, gate: str, scope: Scope = EVERYTHING) -> judge.Rule:
        """Return how a gate is judged at a scope."""
        names = ("held_for", "band", "cool_down", "max_missing", "max_missing_money", "owner")
        found = {name: self._found(gate, name, scope) for name in names}
        said = {name: one.value for name, one in found.items() if one is not None}
        return judge.Rule(mode=self.mode(gate, scope), **{"owner": self.all_gates[gate].owner, **said})

    def consequence(self, gate: str, scope: Scope = EVERYTHING) -> Consequence:
        """Return what a failure and an unknown of a gate lead to at a scope."""
        return Consequence(
            gate,
            on_fail=self._set(gate, "on_fail", scope, "hold"),
            unknown=self._set(gate, "unknown", scope, "never"),
        )

    def limits(self, gate: str, scope: Scope = EVERYTHING) -> Any:  # noqa: ANN401  each gate has its own Limits class
        """Return the gate's `Limits` with what policy sets for a scope."""
        key = (gate, scope)
        if key not in self._limits:
            limits = self._gate(gate).limits
            found = {one.name: self._found(gate, one.name, scope) for one in fields(limits)}
            self._limits[key] = replace(limits, **{name: one.value for name, one in found.items() if one is not None})
        return self._limits[key]

    def limit_source(self, gate: str, limit: str, scope: Scope = EVERYTHING) -> str:
        """Return where one limit comes from: "policy.yaml line 12" or "default of capacity.utilization"."""
        found = self._found(gate, limit, scope)
        return f"default of {gate}" if found is None else f"{self.file} line {found.line}"

    def limit_sources(self, gate: str, scope: Scope = EVERYTHING) -> str:
        """Return where the limits of a gate come from, in one line: the source, or each limit with its own."""
        sources = {one.name: self.limit_source(gate, one.name, scope) for one in fields(self._gate(gate).limits)}
        if len(set(sources.values())) <= 1:
            return next(iter(sources.values()), f"default of {gate}")
        set_here = [f"{name} {source}" for name, source in sources.items() if not source.startswith("default")]
        return "; ".join([*set_here, f"else default of {gate}"] if len(set_here) < len(sources) else set_here)

    def assumption(self, name: str, scope: Scope = EVERYTHING) -> Assumption | None:
        """Return what policy assumes under a name at a scope, or None. `haircut.A` is the key A under haircut.

        Raises:
            NotFound: no assumption has this name: a metric asks for what policy.yaml cannot state.

        """
        family = name.partition(".")[0]
        if family not in known():
            raise NotFound(f"no assumption is called {name!r}; {nearest(name, known())}")
        found = setting(self.assumption_rows, name, scope)
        if found is None:
            return None
        value, source = found.value
        where = f"{self.file} line {found.line}"
        return Assumption(name, value, known()[family].unit, f"{source} ({where})" if source else where)

    def needed(self, action: Action, amount: Decimal | None, scope: Scope = EVERYTHING) -> tuple[Needed, ...]:
        """Return the signatures that an action needs at an amount in the reporting currency; none where nobody may."""
        return sign_off.needed(self.matrix, action, amount, scope)

    def signer(self, name: str) -> Signer:
        """Return a signer by name.

        Raises:
            NotFound: policy knows no such signer.

        """
        names = {one.name: one for one in self.signers}
        if name not in names:
            raise NotFound(f"{self.file} names no signer {name!r}; {nearest(name, names)}".rstrip("; "))
        return names[name]

    def unfilled(self) -> tuple[str, ...]:
        """Return the roles that must sign something and that no signer holds."""
        held = {role for one in self.signers for role in one.roles}
        wanted = [one.role for rung in self.matrix for one in rung.needed] + [one.role for one in self.waivers.needed]
        return tuple(dict.fromkeys(role for role in wanted if role not in held))

    def named(self) -> tuple[tuple[Scope, str], ...]:
        """Return every scope that the file names, with its place, so that one that no data knows can be shown."""
        rows = [row for of_gate in self.rows.values() for row in of_gate] + list(self.assumption_rows)
        scopes = [(row.scope, row.line) for row in rows] + [(rung.scope, rung.line) for rung in self.matrix]
        return tuple((scope, f"{self.file} line {line}") for scope, line in scopes if scope.parts)

    def _gate(self, name: str) -> Gate:
        if name not in self.all_gates:
            raise NotFound(f"no gate is called {name!r}; {nearest(name, self.all_gates)}")
        return self.all_gates[name]

    def _found(self, gate: str, name: str, scope: Scope) -> Found | None:
        return setting(self.rows.get(self._gate(gate).name, ()), name, scope)

    def _set(self, gate: str, name: str, scope: Scope, default: Value) -> Value:
        found = self._found(gate, name, scope)
        return default if found is None else found.value


def load(path: Path, gates: Mapping[str, Gate], metrics: Mapping[str, Metric]) -> Policy:
    """Read policy.yaml.

    Raises:
        Misconfigured: with every mistake of the file, each with line, column and what to write instead.

    """
    return parse(path.name, content_of(path), gates, metrics)


def parse(file: str, content: bytes, gates: Mapping[str, Gate], metrics: Mapping[str, Metric]) -> Policy:
    """Read the bytes of a policy.yaml.

    Raises:
        Misconfigured: as `load`.

    """
    from hardgate.review.policy_reading import read  # the models are built only where a file is read

    return replace(read(file, decoded(file, content), gates, metrics), digest=hashlib.sha256(content).hexdigest())


def json_schema(gates: Mapping[str, Gate], metrics: Mapping[str, Metric]) -> dict[str, Any]:
    """Return the JSON Schema of policy.yaml for these gates and metrics."""
    from hardgate.review import policy_file

    return policy_file.json_schema(gates, metrics)
