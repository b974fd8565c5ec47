"""Read and verify the ledger."""

import json

import click

from hardgate.cli._open import json_option, open_workspace


@click.group(
    epilog="""\b
Examples:
  hardgate ledger show
  hardgate ledger head                keep it somewhere else: it anchors everything before it
  hardgate ledger verify --head 3f2a..."""
)
def command() -> None:
    """Read the append-only ledger, print its head, verify its chain and signatures."""


@command.command()
@json_option
@click.option("--kind", help="Only entries of this kind.")
@click.pass_context
def show(ctx: click.Context, as_json: bool, kind: str | None) -> None:
    """Print the entries, oldest first."""
    with open_workspace(_root(ctx)).ledger() as ledger:
        entries = [one for one in ledger.entries() if kind in {None, one.kind}]
    if as_json:
        body = [
            {
                "seq": one.seq,
                "at": one.at,
                "actor": one.actor,
                "kind": one.kind,
                "body": dict(one.body),
                "previous": one.previous,
                "digest": one.digest,
                "signature": one.signature,
            }
            for one in entries
        ]
        click.echo(json.dumps({"schema": "hardgate.ledger/1", "entries": body}, indent=2, sort_keys=True))
        return
    for one in entries:
        what = one.body.get("ask") or one.body.get("gate") or one.body.get("packet", "")
        click.echo(f"{one.seq:>5}  {one.at}  {one.kind:<16} {one.actor:<20} {str(what)[:40]:<40} {one.digest[:16]}")


@command.command()
@click.pass_context
def head(ctx: click.Context) -> None:
    """Print the digest of the last entry."""
    with open_workspace(_root(ctx)).ledger() as ledger:
        click.echo(ledger.head())


@command.command()
@click.option("--head", "anchor", help="The head as it was kept elsewhere; the chain must still hold it.")
@click.pass_context
def verify(ctx: click.Context, anchor: str | None) -> None:
    """Recompute every digest and check every signature; exit 1 where one does not hold."""
    workspace = open_workspace(_root(ctx))
    with workspace.ledger() as ledger:
        ledger.verify(head=anchor)
        count = len(ledger.entries())
    signed, asserted = workspace.signature_counts()
    click.echo(f"{count} entries, chain intact; {signed} signatures valid, {asserted} asserted without a known key")


def _root(ctx: click.Context) -> click.Context:
    """Return the context that holds -C."""
    return ctx.find_root()
