"""Simulate a programme: when it pays off, how surely, and how much money it needs before."""

from datetime import datetime

import click

from hardgate.cli._open import as_of_option, date_of, json_option, open_workspace
from hardgate.cli._terminal import emit, progress


@click.command(
    epilog="""\b
Examples:
  hardgate simulate                    every programme
  hardgate simulate ai-capacity        one of them
  hardgate simulate --json

\b
Exit code 4 where a programme lacks evidence, else 0."""
)
@click.argument("programme", required=False)
@as_of_option
@json_option
@click.pass_context
def command(ctx: click.Context, programme: str | None, as_of: datetime | None, as_json: bool) -> None:
    """Simulate a programme on many courses of the world."""
    from hardgate.report.packet import of_exhibit
    from hardgate.report.text import exhibit_lines
    from hardgate.review.areas import exhibits, unique

    workspace = open_workspace(ctx)
    exhibit = exhibits()["outlook.simulate"]
    with progress("simulate") as tell:
        body = of_exhibit(exhibit, workspace.show(exhibit, date_of(workspace, as_of), progress=tell))
    if programme is not None and not body["missing"]:
        name = unique(programme, {row[0] for row in body["rows"]})
        notes = [one for one in body["notes"] if one.startswith(f"{name}:")]
        body = {**body, "rows": [row for row in body["rows"] if row[0] == name], "notes": notes}
    if as_json:
        emit("hardgate.simulate/1", body)
    else:
        click.echo("\n".join(exhibit_lines(body, workspace.settings.currency)))
    ctx.exit(4 if body["missing"] else 0)
