"""Replay past asks with only what was known then: what the gates would have said, what came, and what that cost."""

from datetime import datetime

import click

from hardgate.cli import _names
from hardgate.cli._open import DAY, as_of_option, date_of, json_option, open_workspace
from hardgate.cli._terminal import emit, progress

EXIT_EVIDENCE, EXIT_FAULT = 4, 1


@click.command(
    epilog="""\b
Examples:
  hardgate backtest                              every ask whose decision date has passed
  hardgate backtest --every 1w                   reviewed every Monday before it, not every month
  hardgate backtest --calibrate --gate trigger   what each threshold would have cost; policy is not changed
  hardgate backtest --check                      make every verdict again without the future, and compare
  hardgate backtest --json > backtest.json

\b
Exit code 4 where no past ask can be valued, 1 where --check finds a gate that looks ahead, else 0."""
)
@click.option("--from", "start", type=DAY, metavar="DATE", help="Only asks to be decided on or after this day.")
@click.option("--to", "end", type=DAY, metavar="DATE", help="Only asks to be decided on or before this day.")
@click.option("--every", type=click.Choice(("1w", "1m")), default="1m", show_default=True, help="How often to review.")
@click.option("--gate", shell_complete=_names.gates, metavar="GATE", help="Calibrate only this gate.")
@click.option("--calibrate", "calibrated", is_flag=True, help="Show what each threshold would have cost.")
@click.option("--check", "checked", is_flag=True, help="Look for gates that see what was not known yet.")
@as_of_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    start: datetime | None,
    end: datetime | None,
    every: str,
    gate: str | None,
    calibrated: bool,
    checked: bool,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Back-test the gates on past asks: the ordinary review of each earlier date, valued on what came."""
    from hardgate.report.backtest import document, lines
    from hardgate.review.areas import unique
    from hardgate.review.backtests import Span, backtest

    workspace = open_workspace(ctx)
    name = None if gate is None else unique(gate, workspace.gates)
    span = Span(None if start is None else start.date(), None if end is None else end.date(), every)
    with progress("backtest") as tell:
        found = backtest(
            workspace, date_of(workspace, as_of), span,
            gate=name, calibrated=calibrated or name is not None, checked=checked, progress=tell,
        )  # fmt: skip
    body = document(found)
    if as_json:
        emit("hardgate.backtest/1", body)
    else:
        click.echo("\n".join(lines(body)))
    if found.peeking:
        ctx.exit(EXIT_FAULT)
    ctx.exit(0 if any(one.worth for one in found.backtest.pasts) else EXIT_EVIDENCE)
