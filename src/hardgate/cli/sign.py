"""Approve or refuse one ask of the newest recorded packet."""

from datetime import datetime
from pathlib import Path

import click

from hardgate.cli._open import clock, open_workspace


@click.command(
    epilog="""\b
Examples:
  hardgate sign hall-4 --as li.wei --key li.wei.pem
  hardgate sign hall-4 --as li.wei --key li.wei.pem --refuse --reason "one customer carries it"

\b
Without the key that policy.yaml names for the signer the entry is asserted: kept, shown, and it releases nothing."""
)
@click.argument("ask")
@click.option("--as", "signer", required=True, metavar="NAME", help="Who signs, as policy.yaml names them.")
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help="The signer's private key file.")
@click.option("--refuse", is_flag=True, help="Refuse instead of approving.")
@click.option("--role", help="In which role, where the signer has several.")
@click.option("--reason", default="", help="Kept with the signature.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The last day it releases.")
@click.pass_context
def command(
    ctx: click.Context,
    ask: str,
    signer: str,
    key: Path | None,
    refuse: bool,
    role: str | None,
    reason: str,
    until: datetime | None,
) -> None:
    """Sign an ask: an approval binds to exactly what the packet says of it and dies when that changes."""
    workspace = open_workspace(ctx)
    made = workspace.sign(
        ask,
        signer=signer,
        key=key,
        verdict="refuse" if refuse else "approve",
        at=clock(),
        role=role,
        reason=reason,
        expires=until.date() if until else None,
    )
    word = "refused" if refuse else "approved"
    click.echo(f"{signer} {word} {ask} as {made.signature.role}: entry {made.entry.seq}, {made.entry.digest}")
    if not made.signature.valid:
        click.echo(f"it counts for nothing: {made.signature.because}", err=True)
        ctx.exit(5)
