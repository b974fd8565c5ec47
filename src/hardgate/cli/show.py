"""Print one exhibit: a question answered by a table."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from hardgate.cli import _names
from hardgate.cli._open import as_of_option, date_of, json_option, open_workspace
from hardgate.cli._terminal import emit, progress
from hardgate.core.errors import NotFound


@click.command(
    epilog="""\b
Examples:
  hardgate show                    the exhibits and their questions
  hardgate show ladder             one of them; a unique prefix is enough, and the area may be left out
  hardgate show capacity.ladder --csv > ladder.csv

\b
Exit code 4 where its evidence is missing, else 0."""
)
@click.argument("name", required=False, shell_complete=_names.exhibits)
@as_of_option
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV; a cell that a spreadsheet would run is quoted.")
@click.pass_context
def command(ctx: click.Context, name: str | None, as_of: datetime | None, as_json: bool, as_csv: bool) -> None:
    """Print one exhibit, or list them."""
    from hardgate.report.packet import of_exhibit
    from hardgate.report.text import exhibit_lines
    from hardgate.review.areas import exhibits

    known = exhibits()
    if name is None:
        if as_json:
            emit("hardgate.exhibits/1", {"exhibits": {one.name: one.question for one in known.values()}})
        else:
            click.echo("\n".join(f"{one.name:<28} {one.question}" for one in known.values()))
        return
    workspace = open_workspace(ctx)
    exhibit = known[_exhibit(name, known)]
    with progress("show") as tell:
        body = of_exhibit(exhibit, workspace.show(exhibit, date_of(workspace, as_of), progress=tell))
    if as_json:
        emit("hardgate.exhibit/1", body)
    elif as_csv:
        click.echo(_csv(body), nl=False)
    else:
        click.echo("\n".join(exhibit_lines(body, workspace.settings.currency)))
    ctx.exit(4 if body["missing"] else 0)


def _exhibit(name: str, known: Mapping[str, Any]) -> str:
    """Return the exhibit that a name means.

    Raises:
        NotFound: none is, or several are; a gate is shown by another verb.

    """
    from hardgate.review.areas import gates, unique

    try:
        return unique(name, known)
    except NotFound as error:
        if name in gates():
            raise NotFound(f"{name} is a gate: `hardgate explain {name} ASK` shows what it rests on") from error
        raise


def _csv(body: Mapping[str, Any]) -> str:
    from hardgate.report.pipelines import guarded

    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([one["name"] for one in body["headings"]])
    writer.writerows([[guarded(cell) for cell in row] for row in body["rows"]])
    return written.getvalue()
