"""Print the capacity review packet."""

import json
from datetime import datetime
from pathlib import Path

import click

from hardgate.cli._open import actor, as_of_option, clock, date_of, json_option, open_workspace, paint, suggest

FORMATS = ("text", "json", "markdown", "csv", "junit", "sarif")
ROLES = ("all", "cfo", "product", "engineering", "sales", "city")


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
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write the packet as one page, too.")
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="Write it as a workbook, too.")
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

    The packet is recorded in the ledger unless --dry-run is given or its date lies before today's or the pinned one.
    """
    from hardgate.report.packet import document
    from hardgate.review.decide import exit_code

    workspace = open_workspace(ctx)
    day = date_of(workspace, as_of)
    review = workspace.review(day)
    packet = document(review)
    if not dry_run and day >= date_of(workspace, None):
        workspace.record(packet, at=clock(), actor=actor())
    if html is not None:
        from hardgate.report.html import render as page

        html.write_text(page(packet, role), "utf-8")
    if xlsx is not None:
        from hardgate.report.xlsx import write

        xlsx.write_bytes(write(packet))
    if as_json or form == "json":
        click.echo(json.dumps(packet, indent=2, sort_keys=True, ensure_ascii=False))
    elif form == "text":
        from hardgate.report.text import render

        click.echo(render(packet, role, paint), nl=False)
    else:
        from hardgate.report.pipelines import write as write_form

        click.echo(write_form(packet, form), nl=False)
    held = next((one for one in packet["asks"] if one["state"] != "RELEASED"), None)
    if held is not None:
        gate = next((v["gate"] for v in held["verdicts"] if v["outcome"] != "pass" and v["mode"] == "block"), None)
        suggest(f"hardgate explain {gate} {held['id']}" if gate else f"hardgate sign {held['id']}")
    ctx.exit(exit_code(review.decisions))
