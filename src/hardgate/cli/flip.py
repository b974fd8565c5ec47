"""Say which one metric would turn a decision, and the smallest joint move that would."""

from datetime import datetime

import click

from hardgate.cli import _names
from hardgate.cli._open import as_of_option, date_of, json_option, open_workspace
from hardgate.cli._terminal import emit, progress


@click.command(
    epilog="""\b
Examples:
  hardgate flip                       what would turn each ask and each programme
  hardgate flip cn-east-hall-3        one of them
  hardgate flip cn-east-hall-3 --json

\b
A standard deviation is that of the reading's own interval, as docs/outlook.md says. The interval of what is
simulated (p_hurdle) is the error of the simulation: it says nothing of the doubt of what went into it.

\b
Exit code 4 where nothing was judged and no programme is known, else 0."""
)
@click.argument("ask", required=False, shell_complete=_names.asks)
@as_of_option
@json_option
@click.pass_context
def command(ctx: click.Context, ask: str | None, as_of: datetime | None, as_json: bool) -> None:
    """Say what would turn an ask, or a programme."""
    from hardgate.report.packet import of_exhibit
    from hardgate.report.text import exhibit_lines
    from hardgate.review.areas import exhibits, unique

    workspace = open_workspace(ctx)
    exhibit = exhibits()["outlook.flip"]
    with progress("flip") as tell:
        body = of_exhibit(exhibit, workspace.show(exhibit, date_of(workspace, as_of), progress=tell))
    if ask is not None and not body["missing"]:
        name = unique(ask, {row[0] for row in body["rows"]})
        said = [one for one in (body["sentence"], *body["notes"]) if one.startswith((f"{name} ", f"{name}: "))]
        body = {**body, "rows": [row for row in body["rows"] if row[0] == name], "sentence": said[0], "notes": said[1:]}
    if as_json:
        emit("hardgate.flip/1", body)
    else:
        click.echo("\n".join(exhibit_lines(body, workspace.settings.currency)))
    ctx.exit(4 if body["missing"] else 0)
