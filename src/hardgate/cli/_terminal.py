"""How a verb speaks: JSON with a schema name, words in colour where they are seen, progress, and the next command."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

Progress = Callable[[str, int, int], None]

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
PATIENCE = 2.0
"""Seconds of work before a bar is drawn."""


def emit(schema: str, body: Mapping[str, Any]) -> None:
    """Print a document as JSON with the name of its schema."""
    click.echo(json_text({"schema": schema, **body}), nl=False)


def json_text(document: Mapping[str, Any]) -> str:
    """Return a document as JSON text; equal documents give equal bytes."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, default=str) + "\n"


def paint(text: str, kind: str) -> str:
    """Return a word in its colour; plain where nobody would see it."""
    return click.style(text, fg=COLOURS.get(kind), bold=True) if coloured() else text


def coloured() -> bool:
    """Tell whether stdout is a terminal that wants colour."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def suggest(text: str) -> None:
    """Suggest the next command, on a terminal only."""
    if sys.stderr.isatty():
        click.echo(f"next: {text}", err=True)


@contextmanager
def progress(label: str) -> Iterator[Progress | None]:
    """Yield a function (what, done, total) that draws a bar once the work takes long; None without a terminal."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    bars = Progress(*columns, TextColumn("{task.fields[what]}"), console=Console(stderr=True), transient=True)
    task = bars.add_task(label, total=None, what="")
    begun = time.monotonic()

    def tell(what: str, done: int, total: int) -> None:
        if time.monotonic() - begun > PATIENCE:
            bars.start()
        bars.update(task, completed=done, total=total, what=what)

    try:
        yield tell
    finally:
        bars.stop()
