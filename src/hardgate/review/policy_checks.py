"""What the parts of policy.yaml must be to each other: names that exist, scopes that decide, a matrix with a top.

Each check yields the slips that it finds. A slip that rests on a part of the file which could not be read is left out
by the reader, so that one mistake is not told twice.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import chain, combinations
from typing import Any

from hardgate.core.errors import nearest
from hardgate.core.terms import Gate, Metric, Scope
from hardgate.ledger.signatures import is_public_key
from hardgate.review import policy_rows
from hardgate.review.assumptions import known
from hardgate.review.places import Document, Path
from hardgate.review.policy_file import OWN, File
from hardgate.review.scoped import DIMENSIONS, Row, clashes, within
from hardgate.review.sign_off import Rung
from hardgate.review.slips import Slip

POOLS = {"region", "accelerator"}
"""A gate judged on one of these is judged on each pool inside too, so a row may name a pool."""


def slips(model: Any, document: Document, gates: Mapping[str, Gate], metrics: Mapping[str, Metric]) -> Iterator[Slip]:  # noqa: ANN401  made at run time
    """Yield every slip of a file whose shape is right."""
    names = {*gates, *_own_names(document)}
    rows = policy_rows.of_gates(model, document)
    yield from _own_gates(model, metrics)
    yield from _scopes(model, gates, rows)
    yield from _signals(model, gates, rows)
    yield from _assumed(list(policy_rows.of_assumptions(model.assumptions, document)))
    yield from _matrix(list(policy_rows.of_sign_off(model, document)))
    yield from _waivers(model, names, rows)
    yield from _roles(model)
    yield from _signers(model)


def roles(model: File) -> tuple[str, ...]:
    """Return the roles that exist: those that are declared, else those that must sign something."""
    if model.roles is not None:
        return tuple(model.roles)
    signing = [role for row in model.sign_off or () for role in row.roles]
    return tuple(dict.fromkeys([*signing, *(model.waivers.roles if model.waivers else ())]))


def _own_names(document: Document) -> set[str]:
    listed = document.data.get("own_gates")
    entries = listed if isinstance(listed, list) else []
    return {str(one["name"]) for one in entries if isinstance(one, dict) and "name" in one}


def _own_gates(model: Any, metrics: Mapping[str, Metric]) -> Iterator[Slip]:  # noqa: ANN401  made at run time
    seen: set[str] = set()
    for i, own in enumerate(model.own_gates or ()):
        path: Path = ("own_gates", i)
        if not own.name.startswith(OWN) or own.name == OWN:
            yield Slip(
                (*path, "name"), f"an own gate is called {OWN}something, found {own.name!r}", f"write {OWN}{own.name}"
            )
        if own.name in seen:
            yield Slip((*path, "name"), f"{own.name!r} stands here again", "give each own gate its own name")
        seen.add(own.name)
        sides = {"at_least": own.at_least, "at_most": own.at_most}
        given = {name: value for name, value in sides.items() if value is not None}
        if len(given) != 1:
            yield Slip(
                path,
                "an own gate has one limit: at_least or at_most",
                "keep one of the two" if given else "add at_least:",
            )
        yield from _sides(own, path, given, metrics[own.metric])


def _sides(own: Any, path: Path, given: Mapping[str, float], metric: Metric) -> Iterator[Slip]:  # noqa: ANN401  made at run time
    """Yield limits on the wrong side or out of the range of the metric."""
    for where, row in [(path, own), *(((*path, "scopes", j), row) for j, row in enumerate(own.scopes or ()))]:
        for name in ("at_least", "at_most"):
            value = getattr(row, name)
            if value is not None and given and name not in given:
                yield Slip(
                    (*where, name),
                    f"{own.name} has the limit {next(iter(given))}",
                    f"write {next(iter(given))}:",
                    key=True,
                )
            if value is not None and metric.at_most_one:
                yield from _share((*where, name), value)


def _scopes(model: Any, gates: Mapping[str, Gate], rows: Mapping[str, list[tuple[Path, Row]]]) -> Iterator[Slip]:  # noqa: ANN401  made at run time
    said = {**policy_rows.sections(model.gates), **{own.name: own for own in model.own_gates or ()}}
    for name, of_gate in rows.items():
        if name not in said:  # an unknown gate of waivers.unknown: told there
            continue
        own_per = gates[name].per if name in gates else ("region", "accelerator")
        per = set(said[name].per or own_per)
        scoped = [(path, row) for path, row in of_gate if "scopes" in path]
        for path, row in scoped:
            yield from _where(name, per | ({"pool"} if per & POOLS else set()), path, row)
        yield from _ambiguous(scoped)


def _where(gate: str, per: set[str], path: Path, row: Row) -> Iterator[Slip]:
    listed = ", ".join(name for name in DIMENSIONS if name in per)
    for name, _ in row.scope.parts:
        if name not in per:
            yield Slip((*path, name), f"{gate} is not judged on {name}", f"it is judged on {listed}", key=True)
    yield from _says(path, row, f"add one of: {listed}")


def _says(path: Path, row: Row, where: str) -> Iterator[Slip]:
    if not row.scope.parts:
        yield Slip(path, "this row does not say where it holds", where)
    if not row.settings:
        yield Slip(path, "this row sets nothing", "add what it sets, or remove it")


def _ambiguous(rows: list[tuple[Path, Row]]) -> Iterator[Slip]:
    """Yield rows that leave open which of them holds; one slip for each pair."""
    told: set[tuple[int, int]] = set()
    for clash in clashes([row for _, row in rows]):
        if (clash.first, clash.second) in told:
            continue
        told.add((clash.first, clash.second))
        path, first = rows[clash.second][0], rows[clash.first][1]
        if first.scope == rows[clash.second][1].scope:
            yield Slip(
                path, f"{clash.name} of {first.scope} is already set in line {first.line}", "keep one of the two"
            )
        else:
            told_by = " and ".join(str(rows[i][1].scope) for i in (clash.first, clash.second))
            message = f"{told_by} both set {clash.name}, and {clash.scope} is in both (line {first.line})"
            parts = ", ".join(f"{name}: {value}" for name, value in clash.scope.parts)
            yield Slip(path, message, f"add a row for {{{parts}}} that sets {clash.name}")


def _signals(model: Any, gates: Mapping[str, Gate], rows: Mapping[str, list[tuple[Path, Row]]]) -> Iterator[Slip]:  # noqa: ANN401  made at run time
    own = {one.name for one in model.own_gates or () if one.opens is None}
    signals = own | {name for name, gate in gates.items() if gate.opens is None}
    for name in rows.keys() & signals:
        for path, row in rows[name]:
            if row.settings.get("mode") == "block":
                yield Slip(
                    (*path, "mode"),
                    f"{name} is a signal and cannot block: it guards no action",
                    "write advise or shadow",
                )


def _assumed(rows: list[tuple[Path, Row]]) -> Iterator[Slip]:
    families = {name for name, one in known().items() if one.family}
    for path, row in rows:
        for name, (value, _) in row.settings.items():
            family, _, key = name.partition(".")
            if family in families and key:
                yield from _share((*path, name), value) if known()[family].kind == "share" else ()
            elif name not in known() or family in families:
                hint = f"write it like {name}.A" if name in families else nearest(name, known())
                yield Slip((*path, name), f"no assumption is called {name!r}", hint, key=True)
    for path, row in rows[1:]:
        yield from _says(path, row, f"add one of: {', '.join(DIMENSIONS)}")
    yield from _ambiguous(rows[1:])


def _share(path: Path, value: float) -> Iterator[Slip]:
    if not 0 <= value <= 1:
        hint = f"did you mean `{value:g}%`?" if 2 <= value <= 100 else "write it like `72%` or 0.72"  # noqa: PLR2004  a percentage without its sign
        yield Slip(path, f"a share lies between 0 and 1, found {value:g}", hint)


def _matrix(rows: list[tuple[Path, Rung]]) -> Iterator[Slip]:
    ladders: dict[tuple[str, Scope], list[tuple[Path, Rung]]] = defaultdict(list)
    for path, rung in rows:
        ladders[rung.action.value, rung.scope].append((path, rung))
        if not rung.needed:
            yield Slip((*path, "roles"), "a row of sign_off names at least one role", "add who must sign")
    found = chain(*(_ladder(where, steps) for where, steps in ladders.items()), _overlapping(ladders))
    yield from (replace(one, rests_on=(("sign_off",),)) for one in found)


def _ladder(which: tuple[str, Scope], steps: list[tuple[Path, Rung]]) -> Iterator[Slip]:
    """Yield what keeps the rungs of one action and scope from being a ladder with one top."""
    action, scope = which
    where = f"{action} in {scope}" if scope.parts else action
    tops = [path for path, rung in steps if rung.up_to is None]
    seen: dict[Decimal, int] = {}
    for path, rung in steps:
        if rung.up_to is not None and rung.up_to in seen:
            message = f"{where} up to {rung.up_to:,} is already said in line {seen[rung.up_to]}"
            yield Slip((*path, "up_to"), message, "keep one of the two")
        elif rung.up_to is not None:
            seen[rung.up_to] = rung.line
    if not tops:
        message = f"nobody may sign {where} above {max(seen):,}"
        yield Slip(steps[-1][0], message, f"add a row for {where} without up_to")
    for path in tops[1:]:
        yield Slip(path, f"{where} already has a row without up_to", "give one of them up_to")


def _overlapping(ladders: Mapping[tuple[str, Scope], list[tuple[Path, Rung]]]) -> Iterator[Slip]:
    """Yield scopes of which an ask can lie in two, neither inside the other."""
    for ((action, first), _), ((other, second), steps) in combinations(ladders.items(), 2):
        one, two = dict(first.parts), dict(second.parts)
        apart = any(one[name] != two[name] for name in one.keys() & two.keys())
        if action == other and not (apart or within(first, second) or within(second, first)):
            message = f"{first} and {second} both have rows for {action}, and an ask can lie in both"
            yield Slip(steps[0][0], message, "name one inside the other")


def _waivers(model: File, names: set[str], rows: Mapping[str, list[tuple[Path, Row]]]) -> Iterator[Slip]:
    if model.waivers is None:
        return
    for key in ("not_for", "unknown"):
        for i, name in enumerate(getattr(model.waivers, key) or ()):
            if name not in names:
                yield Slip(("waivers", key, i), f"no gate is called {name!r}", nearest(name, names))
    if not model.waivers.roles:
        yield Slip(("waivers", "roles"), "somebody must sign a waiver", "name at least one role")
    for i, name in enumerate(model.waivers.unknown or ()):
        path: Path = ("waivers", "unknown", i)
        if name in (model.waivers.not_for or ()):
            yield Slip(path, f"{name} stands under not_for too", "keep one of the two")
        never = [row for _, row in rows.get(name, ()) if row.settings.get("unknown") == "never" and not row.scope.parts]
        if never:
            yield Slip(path, f"{name} says unknown: never in line {never[0].lines['unknown']}", "keep one of the two")


def _roles(model: File) -> Iterator[Slip]:
    known = roles(model)
    signing = [(("sign_off", i, "roles"), row.roles) for i, row in enumerate(model.sign_off or ())]
    waiving = [(("waivers", "roles"), model.waivers.roles)] if model.waivers else []
    holding = [(("signers", i, "roles"), row.roles) for i, row in enumerate(model.signers or ())]
    rests_on: tuple[Path, ...] = (("roles",),) if model.roles is not None else (("roles",), ("sign_off",), ("waivers",))
    for path, listed in chain(signing, waiving, holding):
        for j, role in enumerate(listed):
            if role not in known:
                hint = nearest(role, known) or "add it to roles, or to a row of sign_off"
                yield Slip((*path, j), f"no role is called {role!r}", hint, rests_on=rests_on)


def _signers(model: File) -> Iterator[Slip]:
    seen: dict[tuple[str, str], int] = {}
    for i, signer in enumerate(model.signers or ()):
        for field, value in (("name", signer.name), ("key", signer.key)):
            if (field, value) in seen:
                message = (
                    f"{field} of signer {seen[field, value] + 1} again; each signer has a name and a key of their own"
                )
                yield Slip(("signers", i, field), message, "keep one of the two")
            seen.setdefault((field, value), i)
        if not is_public_key(signer.key):
            yield Slip(
                ("signers", i, "key"),
                "this is not an Ed25519 public key",
                "paste what hardgate keys new printed: ed25519:...",
            )
        if not signer.roles:
            yield Slip(("signers", i, "roles"), f"{signer.name} has no role", "name at least one role")
