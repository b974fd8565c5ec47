"""Print the capacity review packet: every ask, its gates, the evidence, and who signs."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from hardgate.cli._open import actor, as_of_option, clock, date_of, json_option, open_workspace
from hardgate.cli._terminal import json_text, paint, progress, suggest

FORMATS = ("text", "json", "markdown", "csv", "junit", "sarif")
ROLES = ("all", "cfo", "product", "engineering", "sales", "city")
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    epilog="""\b
Examples:
  hardgate review                         the packet
  hardgate review --for cfo               the same numbers, the questions of that chair first
  hardgate review --as-of 2026-06-30      what it would have said then
  hardgate review --json > packet.json    for a program
  hardgate review --html packet.html --xlsx packet.xlsx

\b
Exit codes: 0 nothing blocks; 3 held or refused; 4 evidence missing or stale; 5 a signature is needed;
2 a misconfigured policy; 1 a fault."""
)
@as_of_option
@json_option
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="For pipelines.")
@click.option("--for", "role", type=click.Choice(ROLES), default="all", help="Whose questions come first.")
@click.option("--html", type=FILE, help="Write the packet as one page, too.")
@click.option("--xlsx", type=FILE, help="Write it as a workbook, too.")
@click.option("--dry-run", is_flag=True, help="Do not record the packet in the ledger.")
@click.pass_context
def command(
    ctx: click.Context,
    as_of: datetime | None,
    as_json: bool,
    form: str,
    role: str,
    html: Path | None,
    xlsx: Path | None,
    dry_run: bool,
) -> None:
    """Review every ask against its gates and print the packet: held, released or waiting, with the evidence.

    The packet of today, or of the date that the workspace pins, is recorded in the ledger unless --dry-run is given.
    """
    from hardgate.report.packet import document
    from hardgate.review.decide import EXIT_EVIDENCE, exit_code

    workspace = open_workspace(ctx)
    day = date_of(workspace, as_of)
    with progress("review") as tell:
        review = workspace.review(day, progress=tell)
        packet = document(review)
    if not dry_run and day == date_of(workspace, None):
        workspace.record(packet, at=clock(), actor=actor())
    _write(packet, role, html, xlsx)
    click.echo(_written(packet, "json" if as_json else form, role), nl=False)
    _suggest(packet)
    ctx.exit(exit_code(review.decisions) if review.batches else EXIT_EVIDENCE)


def _write(packet: Mapping[str, Any], role: str, html: Path | None, xlsx: Path | None) -> None:
    """Write the page and the workbook that were asked for."""
    if html is not None:
        from hardgate.report.html import render

        html.write_text(render(packet, role), "utf-8")
    if xlsx is not None:
        from hardgate.report.xlsx import write

        xlsx.write_bytes(write(packet))


def _written(packet: Mapping[str, Any], form: str, role: str) -> str:
    """Return the packet in one of the formats."""
    if form == "json":
        return json_text(packet)
    if form == "text":
        from hardgate.report.text import render

        return render(packet, role, paint)
    from hardgate.report.pipelines import write

    return write(packet, form)


def _suggest(packet: Mapping[str, Any]) -> None:
    """Suggest what to do about the first ask that is not released."""
    first = next((one for one in packet["asks"] if one["state"] != "RELEASED"), None)
    if first is None:
        return
    blocking = (v["gate"] for v in first["verdicts"] if v["outcome"] != "pass" and v["mode"] == "block")
    gate = next(blocking, None)
    suggest(f"hardgate explain {gate} {first['id']}" if gate else f"hardgate sign {first['id']} --as NAME --key FILE")
