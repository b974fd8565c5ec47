"""Make and announce signing keys, and print what policy.yaml needs to know of them."""

from pathlib import Path

import click

from hardgate.cli._groups import Prefixes
from hardgate.cli._open import KEY, clock, json_option, open_workspace
from hardgate.cli._terminal import emit, suggest


@click.group(
    cls=Prefixes,
    epilog="""\b
Examples:
  hardgate keys new li.wei --to ~/.hardgate/li.wei.key
  hardgate keys show ~/.hardgate/li.wei.key
  hardgate keys announce li.wei --key ~/.hardgate/li.wei.key""",
)
def command() -> None:
    """Make, show and announce Ed25519 signing keys; the private part never leaves its file."""


@command.command()
@click.argument("name")
@click.option("--to", "path", type=KEY, help="Where the private key is written; otherwise NAME.key here.")
def new(name: str, path: Path | None) -> None:
    """Make a key for NAME and print the line for `signers` in policy.yaml."""
    from hardgate.ledger.signatures import new_key

    path = path or Path(f"{name}.key")
    public = new_key(path)
    click.echo(f"private key in {path}, readable by you alone; keep it off the repository", err=True)
    click.echo(_line(name, public))
    suggest(f"hardgate keys announce {name} --key {path}")


@command.command()
@click.argument("path", type=KEY)
@json_option
def show(path: Path, as_json: bool) -> None:
    """Print the public part of a private key file."""
    from hardgate.ledger.signatures import public_of

    public = public_of(path)
    if as_json:
        emit("hardgate.key/1", {"key": public})
    else:
        click.echo(public)


@command.command()
@click.argument("name")
@click.option("--key", type=KEY, required=True, help="The private key file that is announced.")
@click.pass_context
def announce(ctx: click.Context, name: str, key: Path) -> None:
    """Record in the ledger that NAME signs with this key, signed with it.

    The entry shows since when a key is used; what counts is the key that policy.yaml names.
    """
    from hardgate.review.signing import Hand
    from hardgate.review.signing import announce as record

    entry, named = record(open_workspace(ctx), Hand(name, key, clock()))
    click.echo(f"{name} announced {entry.body['key']}: entry {entry.seq}, {entry.digest}")
    if not named:
        click.echo("policy.yaml does not name this key, so it signs nothing yet; add or replace", err=True)
        click.echo(f"  {_line(name, entry.body['key'])}", err=True)


def _line(name: str, public: str) -> str:
    """Return the line of policy.yaml that names a key."""
    return f'- {{name: {name}, roles: [ROLE], up_to: AMOUNT, key: "{public}"}}'
