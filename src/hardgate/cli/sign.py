"""Approve or refuse one ask of the newest recorded packet."""

from datetime import datetime
from typing import Any

import click

from hardgate.cli import _names
from hardgate.cli._open import DAY, hand, open_workspace, signer_options
from hardgate.cli._terminal import emit, suggest


@click.command(
    epilog="""\b
Examples:
  hardgate sign hall-4 --as li.wei --key li.wei.key
  hardgate sign hall-4 --as li.wei --key li.wei.key --refuse --reason "one customer carries it"
  hardgate sign hall-4 --as li.wei --dry-run         print what would be signed, as JSON

\b
Exit code 0 where the signature counts, 5 where it does not: without the key that policy.yaml names for the
signer an entry is asserted, which is kept and shown and releases nothing."""
)
@click.argument("ask", shell_complete=_names.asks)
@signer_options(required=True)
@click.option("--refuse", is_flag=True, help="Refuse instead of approving.")
@click.option("--reason", default="", help="Kept with the signature.")
@click.option("--until", type=DAY, metavar="DATE", help="The last day it releases; at most 90 days after its evidence.")
@click.option("--dry-run", is_flag=True, help="Print the statement that would be signed, and sign nothing.")
@click.pass_context
def command(
    ctx: click.Context, /, ask: str, refuse: bool, reason: str, until: datetime | None, dry_run: bool, **given: Any
) -> None:
    """Sign an ask: an approval binds to exactly what the packet says of it and dies when that changes."""
    from hardgate.review import signing

    workspace = open_workspace(ctx)
    if dry_run:
        now = signing.recorded(workspace, ask)
        emit("hardgate.statement/1", {"digest": now.digest, "statement": now.review.statements[ask]})
        if now.changed:
            click.echo(f"it would not be signed: {now.changed}", err=True)
        ctx.exit(5 if now.changed else 0)
    made = signing.sign(
        workspace,
        ask,
        "refuse" if refuse else "approve",
        hand(given),
        reason=reason,
        expires=until.date() if until else None,
    )
    word = "refused" if refuse else "approved"
    if not made.signature.valid:
        word = f"says that they {word}"
    role = f" as {made.signature.role}" if made.signature.role else ""
    click.echo(f"{made.signature.by} {word} {ask}{role}: entry {made.entry.seq}, {made.entry.digest}")
    if not made.signature.valid:
        click.echo(f"it counts for nothing: {made.signature.because}", err=True)
        ctx.exit(5)
    suggest(f"hardgate released {ask}")
