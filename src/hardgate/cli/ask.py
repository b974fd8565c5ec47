"""Write an ask into asks/, checked as a review would read it."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

import click

from hardgate.cli._open import open_workspace, suggest
from hardgate.core.errors import Misconfigured


@click.command(
    epilog="""\b
Examples:
  hardgate ask BUILD --pool cn-north-h20 --amount 120000000 --currency RMB --by wang.fang --decide-by 2026-12-01 --term gpus=512
  hardgate ask RELEASE --pool cn-north-h20 --id hall-4 --by wang.fang --dry-run"""  # noqa: E501  a command is one line
)
@click.argument("action")
@click.option("--id", "name", help="Its name; otherwise made of the action and the scope.")
@click.option("--region")
@click.option("--accelerator")
@click.option("--pool")
@click.option("--tranche")
@click.option("--amount", help="Capital asked for.")
@click.option("--currency", help="Currency of the amount; otherwise the workspace's.")
@click.option("--by", "requester", required=True, help="Who asks; who asks may not sign.")
@click.option("--decide-by", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@click.option("--term", "terms", multiple=True, metavar="NAME=VALUE", help="Any other term; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Print it and write nothing.")
@click.pass_context
def command(
    ctx: click.Context,
    action: str,
    name: str | None,
    region: str | None,
    accelerator: str | None,
    pool: str | None,
    tranche: str | None,
    amount: str | None,
    currency: str | None,
    requester: str,
    decide_by: datetime | None,
    terms: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Ask for something: BUILD, RELEASE and the other actions that some gate guards."""
    from hardgate.review.ask_files import text_of

    workspace = open_workspace(ctx)
    scope = {"region": region, "accelerator": accelerator, "pool": pool, "tranche": tranche}
    fields: dict[str, object] = {"action": action.upper(), **{key: value for key, value in scope.items() if value}}
    if amount is not None:
        fields |= {"amount": _amount(amount), "currency": currency or workspace.settings.currency}
    fields["by"] = requester
    if decide_by is not None:
        fields["decide_by"] = decide_by.date()
    fields |= dict(_term(one) for one in terms)
    ident = name or "-".join([action.lower(), *(value for value in scope.values() if value)])
    text = text_of(ident, fields)
    if dry_run:
        click.echo(text, nl=False)
        return
    path = workspace.file_ask(ident, text)
    click.echo(f"wrote {path.relative_to(workspace.root)}")
    suggest("hardgate review")


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise Misconfigured(
            f"--amount {text!r} is not a number: write digits with a point, such as 120000000"
        ) from error


def _term(text: str) -> tuple[str, object]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise Misconfigured(f"--term {text!r} is not understood: write NAME=VALUE, such as gpus=512")
    return name.strip(), int(value) if value.strip().isdigit() else value.strip()
