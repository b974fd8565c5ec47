"""What several verbs share: opening the workspace that -C names, the date, the clock, colour and progress."""

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from hardgate.review.workspace import Workspace

COLOURS = {
    "RELEASED": "green",
    "AWAITING": "blue",
    "HELD": "yellow",
    "REFUSED": "red",
    "pass": "green",
    "hold": "yellow",
    "fail": "red",
    "unknown": "white",
}

as_of_option = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="See only what was known by the end of this day; the workspace may pin it, else today (UTC).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON with a versioned schema name.")


def open_workspace(ctx: click.Context) -> "Workspace":
    """Open the workspace of -C, or the nearest one upwards."""
    from hardgate.review.workspace import Workspace, find

    return Workspace.open(find(Path.cwd()) if ctx.obj is None else Path(ctx.obj))


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


def paint(text: str, kind: str) -> str:
    """Return a word in its colour; plain where nobody would see it."""
    return click.style(text, fg=COLOURS.get(kind), bold=True) if coloured() else text


def coloured() -> bool:
    """Tell whether stdout is a terminal that wants colour."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


@contextmanager
def progress(label: str) -> Iterator[Callable[[str, int, int], None] | None]:
    """Yield a function (what, done, total) that draws a bar on stderr, or None where stderr is no terminal."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns: tuple[Any, ...] = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[what]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(label, total=None, what="")
        yield lambda what, done, total: bars.update(task, completed=done, total=total, what=what)


def suggest(text: str) -> None:
    """Suggest the next command, on a terminal only."""
    if sys.stderr.isatty():
        click.echo(f"next: {text}", err=True)
