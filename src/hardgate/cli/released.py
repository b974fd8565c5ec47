"""Say whether an ask is released: the line that a purchase or infrastructure pipeline calls."""

import json
from decimal import Decimal, InvalidOperation

import click

from hardgate.cli._open import clock, json_option, open_workspace
from hardgate.core.errors import Misconfigured


@click.command(
    epilog="""\b
Examples:
  hardgate released hall-4 && terraform apply
  hardgate released hall-4 --amount 120000000

\b
Exit code 0 means released; 3 held or refused; 4 evidence missing; 5 a signature is missing, expired or too small."""
)
@click.argument("ask")
@click.option("--amount", help="Up to this amount, in the ask's currency.")
@json_option
@click.pass_context
def command(ctx: click.Context, ask: str, amount: str | None, as_json: bool) -> None:
    """Exit 0 only for a signed, unexpired release of this ask on evidence that still says what was signed."""
    from hardgate.review.decide import EXIT_SIGNATURE, exit_code

    workspace = open_workspace(ctx)
    decision, yes, because = workspace.released(ask, on=clock().date(), amount=_amount(amount))
    if as_json:
        body = {"schema": "hardgate.released/1", "ask": ask, "released": yes, "because": because}
        click.echo(json.dumps(body, ensure_ascii=False))
    else:
        click.echo(f"{'yes' if yes else 'no'}: {because}")
    ctx.exit(0 if yes else exit_code([decision]) or EXIT_SIGNATURE)


def _amount(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation as error:
        raise Misconfigured(f"--amount {text!r} is not a number: write digits with a point") from error
