"""Say what columns a table has, with types, units and meanings; or print the JSON Schema of policy.yaml."""

import json
from typing import Any

import click

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
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(name: str | None, as_json: bool) -> None:
    """Say what a table holds, or how policy.yaml is written."""
    from hardgate import schemas
    from hardgate.core.discover import discover

    tables: dict[str, Schema] = discover(schemas, "schema")
    if name == "policy":
        from hardgate.review.areas import gates, metrics
        from hardgate.review.policy import json_schema

        click.echo(json.dumps(json_schema(gates(), metrics()), indent=2, sort_keys=True))
    elif name is None:
        _list(tables, as_json=as_json)
    elif name in tables:
        _one(tables[name], as_json=as_json)
    else:
        raise NotFound(f"there is no table {name!r}: {nearest(name, [*tables, 'policy'])}")


def _list(tables: dict[str, Schema], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"schema": "hardgate.tables/1", "tables": [_plain(one) for one in tables.values()]}))
        return
    for table in tables.values():
        click.echo(f"{table.name:<22} {table.meaning}")


def _one(table: Schema, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"schema": "hardgate.table/1", **_plain(table)}, indent=2))
        return
    click.echo(f"{table.name}: {table.meaning}")
    click.echo(f"one row states: {', '.join(table.key)}" + ("; a key may have several rows" if table.lines else ""))
    if table.every:
        click.echo(f"every {table.every}: a missing one is a gap, not a small sum")
    for column in table.columns:
        need = "optional" if column.nullable else "required"
        click.echo(f"  {column.name:<32} {column.type:<10} {column.unit:<10} {need:<9} {column.meaning}")


def _plain(table: Schema) -> dict[str, Any]:
    return {
        "name": table.name,
        "meaning": table.meaning,
        "key": list(table.key),
        "day": table.day,
        "until": table.until,
        "every": table.every,
        "known": table.known,
        "columns": [
            {"name": c.name, "type": c.type, "unit": c.unit, "required": not c.nullable, "meaning": c.meaning}
            for c in table.columns
        ],
    }
