"""Say what a table holds, with types, units and meanings; or print the JSON Schema of policy.yaml."""

import json
from typing import Any

import click

from hardgate.cli import _names
from hardgate.cli._open import json_option
from hardgate.cli._terminal import emit
from hardgate.core.errors import NotFound, nearest
from hardgate.core.terms import Schema


@click.command(
    epilog="""\b
Examples:
  hardgate schema                     the tables and what they hold
  hardgate schema contracts           the columns of one table
  hardgate schema contracts --json    the same for a program
  hardgate schema policy              the JSON Schema of policy.yaml"""
)
@click.argument("name", required=False, shell_complete=_names.tables)
@json_option
def command(name: str | None, as_json: bool) -> None:
    """Say what a table holds, or how policy.yaml is written."""
    from hardgate.sources.source import tables

    known = tables()
    if name == "policy":
        from hardgate.review.areas import gates, metrics
        from hardgate.review.policy import json_schema

        click.echo(json.dumps(json_schema(gates(), metrics()), indent=2, sort_keys=True))
    elif name is None:
        if as_json:
            emit("hardgate.tables/1", {"tables": [_plain(one) for one in known.values()]})
        else:
            click.echo("\n".join(f"{one.name:<22} {one.meaning}" for one in known.values()))
    elif name not in known:
        raise NotFound(f"there is no table {name!r}: {nearest(name, [*known, 'policy'])}")
    elif as_json:
        emit("hardgate.table/1", _plain(known[name]))
    else:
        _one(known[name])


def _one(table: Schema) -> None:
    click.echo(f"{table.name}: {table.meaning}")
    click.echo(f"one row states: {', '.join(table.key)}" + ("; a key may have several rows" if table.lines else ""))
    if table.every:
        click.echo(f"every {table.every}: a missing one is a gap, not a small sum")
    if table.register:
        click.echo("a register: a key that leaves its file is withdrawn from then on")
    for column in table.columns:
        need = "optional" if column.nullable else "required"
        click.echo(f"  {column.name:<32} {column.type:<10} {column.unit:<10} {need:<9} {column.meaning}".rstrip())


def _plain(table: Schema) -> dict[str, Any]:
    return {
        "name": table.name,
        "meaning": table.meaning,
        "key": list(table.key),
        "day": table.day,
        "until": table.until,
        "every": table.every,
        "known": table.known,
        "register": table.register,
        "columns": [
            {"name": c.name, "type": c.type, "unit": c.unit, "required": not c.nullable, "meaning": c.meaning}
            for c in table.columns
        ],
    }
