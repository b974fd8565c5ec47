"""Print one exhibit: a question answered by a table."""

import csv
import json
import sys
from datetime import datetime

import click

from hardgate.cli._open import as_of_option, date_of, json_option, open_workspace


@click.command(
    epilog="""\b
Examples:
  hardgate show                    the exhibits and their questions
  hardgate show capacity.ladder    one of them; a unique prefix is enough
  hardgate show capacity.ladder --csv > ladder.csv"""
)
@click.argument("name", required=False)
@as_of_option
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV; a cell that a spreadsheet would run is quoted.")
@click.pass_context
def command(ctx: click.Context, name: str | None, as_of: datetime | None, as_json: bool, as_csv: bool) -> None:
    """Print one exhibit, or list them."""
    from hardgate.review.areas import exhibits, unique

    known = exhibits()
    if name is None:
        for exhibit in known.values():
            click.echo(f"{exhibit.name:<28} {exhibit.question}")
        return
    from hardgate.report.packet import of_exhibit
    from hardgate.report.pipelines import guarded
    from hardgate.report.text import exhibit_lines

    workspace = open_workspace(ctx)
    exhibit = known[unique(name, known)]
    body = of_exhibit(exhibit, workspace.show(exhibit, date_of(workspace, as_of)))
    if as_json:
        click.echo(json.dumps({"schema": "hardgate.exhibit/1", **body}, indent=2, sort_keys=True, ensure_ascii=False))
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([one["name"] for one in body["headings"]])
        writer.writerows([[guarded(cell) for cell in row] for row in body["rows"]])
    else:
        click.echo("\n".join(exhibit_lines(body)))
    ctx.exit(4 if body["missing"] else 0)
