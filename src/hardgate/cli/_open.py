"""What several verbs share: the workspace that -C names, the date, the clock, who acts, and options of one meaning."""

import getpass
import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hardgate.core.errors import Misconfigured

if TYPE_CHECKING:
    from hardgate.review.signing import Hand
    from hardgate.review.workspace import Workspace

Verb = TypeVar("Verb", bound=Callable[..., Any])

DAY = click.DateTime(["%Y-%m-%d"])
KEY = click.Path(path_type=Path, dir_okay=False)

as_of_option = click.option(
    "--as-of",
    type=DAY,
    metavar="DATE",
    help="See only what was known by the end of this day; the workspace may pin it, else today (UTC).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON with a versioned schema name.")


def signer_options(*, required: bool) -> Callable[[Verb], Verb]:
    """Add who signs, with which key, in which role."""

    def add(verb: Verb) -> Verb:
        name = click.option(
            "--as", "signer", required=required, metavar="NAME", help="Who signs, as policy.yaml names them."
        )
        key = click.option(
            "--key", type=KEY, help="The signer's private key file; without it the entry is asserted only."
        )
        role = click.option("--role", help="In which role, where the signer has several.")
        return name(key(role(verb)))

    return add


def open_workspace(ctx: click.Context) -> "Workspace":
    """Open the workspace of -C, or the nearest one upwards."""
    from hardgate.review.workspace import Workspace, find

    folder = ctx.find_root().params.get("folder")
    return Workspace.open(find(Path.cwd()) if folder is None else Path(folder))


def clock() -> datetime:
    """Return the time, naive and in UTC. Only surfaces read a clock."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def date_of(workspace: "Workspace", as_of: datetime | None) -> date:
    """Return the date asked for, else the one that the workspace pins, else today."""
    if as_of is not None:
        return as_of.date()
    return workspace.settings.as_of or clock().date()


def actor() -> str:
    """Return who runs this, for the ledger: the name given in HARDGATE_ACTOR, else the user of the machine."""
    return os.environ.get("HARDGATE_ACTOR") or getpass.getuser()


def hand(given: Mapping[str, Any]) -> "Hand":
    """Return whose hand signs, from the options of `signer_options`."""
    from hardgate.review.signing import Hand

    return Hand(given["signer"], given["key"], clock(), given["role"])


def amount_of(text: str | None) -> Decimal | None:
    """Read an amount as policy.yaml and asks write it: 120000000, 120 m or 1.2 bn."""
    from hardgate.review.quantities import NotUnderstood, money

    try:
        return None if text is None else money(text)
    except NotUnderstood as error:
        raise Misconfigured(f"--amount {text!r} is not understood: {error}") from error
