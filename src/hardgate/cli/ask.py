"""Ask for something: write an ask into asks/, checked as a review would read it."""

from datetime import datetime
from typing import Any

import click

from hardgate.cli._open import DAY, actor, amount_of, clock, open_workspace
from hardgate.cli._terminal import suggest
from hardgate.core.errors import Misconfigured

SCOPE = ("region", "accelerator", "pool", "tranche")


@click.command(
    epilog="""\b
Examples:
  hardgate ask BUILD --pool cn-north-h20 --amount "120 m" --currency RMB --by wang.fang --decide-by 2026-12-01
  hardgate ask BUILD --pool cn-north-h20 --id hall-5 --by wang.fang --term gpus=512 --term live_date=2027-06-01
  hardgate ask RELEASE --pool cn-north-h20 --by wang.fang --dry-run"""
)
@click.argument("action")
@click.option("--id", "ident", help="Its name; otherwise made of the action and the scope.")
@click.option("--region", help="Where: a region,")
@click.option("--accelerator", help="an accelerator type,")
@click.option("--pool", help="a pool,")
@click.option("--tranche", help="or a tranche of the capacity plan.")
@click.option("--amount", help="Capital asked for: 120000000, 120 m or 1.2 bn.")
@click.option("--currency", help="Currency of the amount; otherwise the workspace's.")
@click.option("--by", required=True, metavar="NAME", help="Who asks; who asks may neither sign nor waive.")
@click.option("--decide-by", type=DAY, metavar="DATE", help="A held ask is refused when this day has passed.")
@click.option("--term", "terms", multiple=True, metavar="NAME=VALUE", help="Any other term; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Check it and print it, write nothing.")
@click.pass_context
def command(ctx: click.Context, /, action: str, ident: str | None, dry_run: bool, **given: Any) -> None:
    """Ask for something: BUILD, RELEASE and the other actions that some gate guards."""
    from hardgate.review.ask_files import text_of

    workspace = open_workspace(ctx)
    scope = {name: given[name] for name in SCOPE if given[name]}
    name = ident or "-".join([action.lower(), *scope.values()])
    text = text_of(name, {"action": action.upper(), **scope, **_fields(given, workspace.settings.currency)})
    if dry_run:
        workspace.check_ask(name, text)
        click.echo(text, nl=False)
        return
    path = workspace.file_ask(name, text, at=clock(), actor=actor())
    click.echo(f"wrote {path.relative_to(workspace.root)}")
    suggest("hardgate review")


def _fields(given: dict[str, Any], currency: str) -> dict[str, object]:
    """Return what is asked besides the action and the scope."""
    fields: dict[str, object] = {}
    amount = amount_of(given["amount"])
    if amount is not None:
        fields |= {"amount": amount.normalize(), "currency": given["currency"] or currency}
    fields["by"] = given["by"]
    decide_by: datetime | None = given["decide_by"]
    if decide_by is not None:
        fields["decide_by"] = decide_by.date()
    return fields | dict(_term(one) for one in given["terms"])


def _term(text: str) -> tuple[str, object]:
    name, sign, value = (part.strip() for part in text.partition("="))
    if not sign or not name:
        raise Misconfigured(f"--term {text!r} is not understood: write NAME=VALUE, such as gpus=512")
    for kind in (int, float, datetime.fromisoformat):
        try:
            read = kind(value)
        except ValueError:
            continue
        return name, read.date() if isinstance(read, datetime) else read
    return name, value
