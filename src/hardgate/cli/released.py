"""Say whether an ask is released: the line that a purchase or infrastructure pipeline calls."""

from datetime import datetime

import click

from hardgate.cli import _names
from hardgate.cli._open import DAY, amount_of, date_of, json_option, open_workspace
from hardgate.cli._terminal import emit


@click.command(
    epilog="""\b
Examples:
  hardgate released hall-4 && terraform apply
  hardgate released hall-4 --amount "120 m"

\b
Exit code 0 means released; 3 held or refused; 4 evidence missing; 5 a signature is missing, expired or too small;
2 no recorded packet holds it."""
)
@click.argument("ask", shell_complete=_names.asks)
@click.option("--amount", help="Up to this amount, in the ask's currency.")
@click.option("--as-of", type=DAY, metavar="DATE", help="On this day, to try; else the pinned date, else today (UTC).")
@json_option
@click.pass_context
def command(ctx: click.Context, ask: str, amount: str | None, as_of: datetime | None, as_json: bool) -> None:
    """Exit 0 only for a signed, unexpired release of this ask on evidence that still says what was signed."""
    from hardgate.review.decide import EXIT_SIGNATURE, exit_code
    from hardgate.review.signing import released

    workspace = open_workspace(ctx)
    day = date_of(workspace, as_of)
    decision, yes, because = released(workspace, ask, on=day, amount=amount_of(amount))
    if as_json:
        emit("hardgate.released/1", {"ask": ask, "on": str(day), "released": yes, "because": because})
    else:
        click.echo(f"{'yes' if yes else 'no'}: {because}")
    ctx.exit(0 if yes else exit_code([decision]) or EXIT_SIGNATURE)
