"""Print which signals of published figures fired, cleared or became unknown since the last time."""

import os
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import click

from hardgate.cli._open import actor, as_of_option, clock, date_of, json_option, open_workspace
from hardgate.cli._terminal import emit, progress, suggest
from hardgate.core.errors import Misconfigured

if TYPE_CHECKING:
    from hardgate.review.watching import Watched


@click.command(
    epilog="""\b
Examples:
  hardgate watch                   what changed since the last record, which is then recorded
  hardgate watch --all             every signal, changed or not
  hardgate watch --notify          tell the webhook of hardgate.toml, too; nothing is told twice
  hardgate watch --as-of 2026-06-29 --dry-run

\b
Signals hold nothing: exit code 0, whatever fired."""
)
@as_of_option
@json_option
@click.option("--all", "every", is_flag=True, help="Print every signal, and not only those that changed.")
@click.option(
    "--notify", "notify", is_flag=True, help="Tell what changed to the addresses of [notify] in hardgate.toml."
)
@click.option("--dry-run", is_flag=True, help="Record nothing and tell nobody.")
@click.pass_context
def command(
    ctx: click.Context, as_of: datetime | None, as_json: bool, every: bool, notify: bool, dry_run: bool
) -> None:
    """Print what changed among the signals, and record it. What was told once is not told again."""
    from hardgate.review.watching import record, watch

    workspace = open_workspace(ctx)
    tell: Callable[[Watched], None] | None = None
    if notify and not dry_run:
        given = workspace.settings.notify
        if not given.webhook and not given.apprise:
            raise Misconfigured('--notify needs [notify] webhook = "https://..." in hardgate.toml')
        tell = _teller(given.webhook, given.secret, given.apprise)
    with progress("watch") as told:
        seen = watch(workspace, date_of(workspace, as_of), told)
    recorded = not dry_run and record(workspace, seen, at=clock(), actor=actor(), tell=tell)
    if as_json:
        emit("hardgate.watch/1", {**seen.document(), "recorded": recorded})
        return
    click.echo("\n".join(_lines(seen, every=every)))
    if not seen.signals:
        suggest("bring facts: hardgate ingest CIK0000000000.json.gz")


def _teller(webhook: str | None, secret: str, apprise: tuple[str, ...]) -> "Callable[[Watched], None]":
    """Return what tells of changes; what is wrong with its settings is said before anything is looked at."""
    from hardgate.notify import apprise as messages
    from hardgate.notify.address import target
    from hardgate.notify.signing import secret_of
    from hardgate.notify.webhook import send

    where = target(webhook) if webhook else None
    key = secret_of(os.environ.get(secret), secret) if webhook else b""

    def tell(seen: "Watched") -> None:
        if where is not None:
            document = {key: value for key, value in seen.document().items() if key != "signals"}
            send(where, {"schema": "hardgate.watch.changes/1", **document}, key, clock())
        if apprise:
            messages.send(apprise, [one.line for one in seen.changes])

    return tell


def _lines(seen: "Watched", *, every: bool) -> list[str]:
    from hardgate.review.watching import STATES

    counted = {state: sum(STATES[one.outcome] == state for one in seen.signals) for state in STATES.values()}
    total = ", ".join(f"{count} {state}" for state, count in counted.items())
    since = f"since the record of {seen.since}" if seen.since else "since nothing was recorded"
    lines = [f"Signals as of {seen.as_of}, {since}", ""]
    if every:
        lines += [f"{STATES[one.outcome]:<8} {one.gate:<30} {one.scope}: {one.because}" for one in seen.signals]
    else:
        lines += [line for one in seen.changes for line in (one.line, *(f"{'':<9}{where}" for where in one.cited))]
    if not (seen.signals if every else seen.changes):
        lines.append("nothing changed" if seen.signals else "no company is watched: bring facts")
    return [*lines, "", f"{len(seen.signals)} signals: {total} | {len(seen.changes)} changed"]
