"""Say what is missing: freshness, rejects, joins, and per gate what would unlock it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from hardgate.cli._open import as_of_option, date_of, json_option, open_workspace

if TYPE_CHECKING:
    from hardgate.review.diagnosis import Diagnosis


@click.command(
    epilog="""\b
Examples:
  hardgate doctor
  hardgate doctor --json"""
)
@as_of_option
@json_option
@click.pass_context
def command(ctx: click.Context, as_of: datetime | None, as_json: bool) -> None:
    """Examine the workspace: what came in, what did not match, and which evidence would decide which gate."""
    workspace = open_workspace(ctx)
    found = workspace.diagnose(date_of(workspace, as_of))
    if as_json:
        body: dict[str, Any] = {"schema": "hardgate.doctor/1", **asdict(found)}
        click.echo(json.dumps(body, indent=2, sort_keys=True, default=str))
    else:
        click.echo("\n".join(_lines(found)))
    ctx.exit(4 if found.unlocks else 0)


def _lines(found: "Diagnosis") -> Iterator[str]:
    from hardgate.core.money import short

    yield f"As of {found.as_of}"
    yield ""
    yield f"{'table':<22} {'rows':>13} {'rejected':>9}  {'days':<26} state"
    for one in found.tables:
        days = f"{one.first_day} to {one.last_day}" if one.first_day else "no day"
        late = f"{one.late} days behind {one.expected_day}" if one.late else "fresh"
        gaps = f", missing: {', '.join(_span(gap) for gap in one.gaps[:3])}" if one.gaps else ""
        more = f" and {len(one.gaps) - 3} more" if len(one.gaps) > 3 else ""  # noqa: PLR2004  three are shown
        yield f"{one.table:<22} {one.rows:>13,} {one.rejected:>9,}  {days:<26} {late}{gaps}{more}"
    if found.rejects:
        yield ""
        yield "Rejected rows, the first of each table"
        yield from (f"  {one}" for one in found.rejects)
    yield ""
    yield "Joins to pools"
    for join in found.joins:
        rows = f"{100 * join.matched_rows / join.rows:.1f} % of {join.rows:,} rows" if join.rows else "no rows"
        money = ""
        if join.money is not None and join.matched_money is not None and join.money:
            money = f", {100 * join.matched_money / join.money:.1f} % of {short(join.money, '')} money"
        yield f"  {join.table:<22} matched {rows}{money}"
        for loose in join.largest:
            amount = f", {short(loose.money, '')}" if loose.money is not None else ""
            key = " | ".join(cell.replace("\n", " ") or "(empty)" for cell in loose.key) or "(no key)"
            yield f"    unmatched {key[:90]}: {loose.rows:,} rows{amount}"
        if join.line:
            yield f"    add {join.line}"
    yield ""
    yield "Unlock list" if found.unlocks else "Every gate has its evidence"
    for unlock in found.unlocks:
        yield f"  {unlock.gate} of {unlock.ask}, {short(unlock.amount, unlock.currency)} to decide"
        for lack in unlock.lacks:
            yield f"    {lack}"


def _span(gap: tuple[Any, Any]) -> str:
    return str(gap[0]) if gap[0] == gap[1] else f"{gap[0]} to {gap[1]}"
