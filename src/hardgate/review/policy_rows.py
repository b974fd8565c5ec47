"""The rows of policy.yaml: what it sets for everything and for parts, with the line of each setting."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from hardgate.core.terms import EVERYTHING, Action, Scope
from hardgate.review import sign_off
from hardgate.review.fields import Where
from hardgate.review.places import Document, Path
from hardgate.review.policy_file import DESCRIBING, WHOLE_RULE, File
from hardgate.review.scoped import DIMENSIONS, Row
from hardgate.review.sign_off import Rung

SIDES = {"at_least": "limit", "at_most": "limit"}
"""How the limit of an own gate is written, and what it is called."""


def sections(gates: BaseModel | None) -> dict[str, Any]:
    """Return what the file says of each gate that it names."""
    if gates is None:
        return {}
    said = {info.alias or name: getattr(gates, name) for name, info in type(gates).model_fields.items()}
    return {name: one for name, one in said.items() if one is not None}


def scope_of(said: BaseModel) -> Scope:
    """Return where a row holds."""
    parts = ((name, getattr(said, name, None)) for name in DIMENSIONS)
    return Scope(tuple((name, value) for name, value in parts if value is not None))


def of_gate(said: Any, document: Document, path: Path) -> Iterator[tuple[Path, Row]]:  # noqa: ANN401  made at run time
    """Yield what a gate sets for everything, then what it sets for each scope."""
    scoped = [((*path, "scopes", i), row) for i, row in enumerate(said.scopes or ())]
    for where, one in [(path, said), *scoped]:
        names = [name for name in type(one).model_fields if name in one.model_fields_set]
        kept = [name for name in names if name not in {*DIMENSIONS, *DESCRIBING, *WHOLE_RULE}]
        settings = {SIDES.get(name, name): getattr(one, name) for name in kept}
        lines = {SIDES.get(name, name): document.line((*where, name)) for name in kept}
        yield where, Row(scope_of(one), settings, lines, document.line(where))


def of_gates(model: Any, document: Document) -> dict[str, list[tuple[Path, Row]]]:  # noqa: ANN401  made at run time
    """Return the rows of every gate that the file names, own gates included."""
    rows = {name: list(of_gate(said, document, ("gates", name))) for name, said in sections(model.gates).items()}
    rows |= {said.name: list(of_gate(said, document, ("own_gates", i))) for i, said in enumerate(model.own_gates or ())}
    for i, name in enumerate((model.waivers and model.waivers.unknown) or ()):
        path: Path = ("waivers", "unknown", i)
        row = Row(EVERYTHING, {"unknown": "waivable"}, {"unknown": document.line(path)}, document.line(path))
        rows.setdefault(name, []).append((path, row))
    return rows


def of_assumptions(said: Any, document: Document) -> Iterator[tuple[Path, Row]]:  # noqa: ANN401  made at run time
    """Yield what is assumed for everything, then for each scope; a setting is a value and its source."""
    if said is None:
        return
    scoped = [(("assumptions", "scopes", i), row) for i, row in enumerate(said.scopes or ())]
    for path, one in [(("assumptions",), said), *scoped]:
        fields = {name: getattr(one, name) for name in type(one).model_fields if name not in {*DIMENSIONS, "scopes"}}
        stated = {name: below for name, below in {**fields, **(one.model_extra or {})}.items() if below is not None}
        settings = {name: (below.value, below.source or "") for name, below in stated.items()}
        lines = {name: document.line((*path, name)) for name in stated}
        yield path, Row(scope_of(one) if isinstance(one, Where) else EVERYTHING, settings, lines, document.line(path))


def of_sign_off(model: File, document: Document) -> Iterator[tuple[Path, Rung]]:
    """Yield the rows of the sign-off matrix."""
    for i, row in enumerate(model.sign_off or ()):
        path: Path = ("sign_off", i)
        yield path, Rung(Action(row.action), scope_of(row), row.up_to, sign_off.roles(row.roles), document.line(path))
