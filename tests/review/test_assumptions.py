import ast
from collections.abc import Iterator
from pathlib import Path

import hardgate
from hardgate.review.assumptions import known


def asked(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a module asks `evidence.assumption` for; a name made of parts is its family."""
    named: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.comprehension)
            and isinstance(node.iter, ast.Tuple)
            and isinstance(node.target, ast.Name)
        ):
            named[node.target.id] = [str(one.value) for one in node.iter.elts if isinstance(one, ast.Constant)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "assumption":
            name = node.args[0]
            if isinstance(name, ast.Constant):
                yield str(name.value)
            elif isinstance(name, ast.JoinedStr):
                assert isinstance(name.values[0], ast.Constant)
                yield str(name.values[0].value).rstrip(".")
            else:
                assert isinstance(name, ast.Name)
                yield from named[name.id]


def test_what_metrics_and_gates_ask_for_is_what_policy_can_state() -> None:
    package = Path(hardgate.__file__).parent
    modules = [
        path for area in ("metrics", "gates", "capacity", "outlook") for path in sorted((package / area).glob("*.py"))
    ]
    names = {name for path in modules for name in asked(ast.parse(path.read_text("utf-8")))}
    assert names == set(known())


def test_every_assumption_has_a_meaning_and_a_unit() -> None:
    assert [one.name for one in known().values() if not one.meaning or not one.unit] == []
    assert {one.kind for one in known().values()} == {"share", "number", "count"}
