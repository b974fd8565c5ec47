"""Make a signing key, and print what policy.yaml needs to know of it."""

from pathlib import Path

import click


@click.group(
    epilog="""\b
Example:
  hardgate keys new li.wei --to ~/.hardgate/li.wei.key"""
)
def command() -> None:
    """Make and show Ed25519 signing keys; the private part never leaves its file."""


@command.command()
@click.argument("name")
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), help="Where the private key is written.")
def new(name: str, path: Path | None) -> None:
    """Make a key for NAME and print the line for `signers` in policy.yaml."""
    from hardgate.ledger.signatures import new_key

    path = path or Path(f"{name}.key")
    public = new_key(path)
    click.echo(f"private key in {path}, readable by you alone; keep it off the repository", err=True)
    click.echo(f'- {{name: {name}, roles: [ROLE], up_to: AMOUNT, key: "{public}"}}')


@command.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def show(path: Path) -> None:
    """Print the public part of a private key file."""
    from hardgate.ledger.signatures import public_of

    click.echo(public_of(path))
