"""Examine the workspace: freshness, rejects, joins, and per gate which evidence would unlock it."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from hardgate.cli._open import as_of_option, date_of, json_option, open_workspace
from hardgate.cli._terminal import emit, progress

if TYPE_CHECKING:
    from hardgate.lake.checks import Check
    from hardgate.review.diagnosis import Awaited, Diagnosis
    from hardgate.review.joins import Join

GAPS_SHOWN, KEY_WIDTH = 3, 90


@click.command(
    epilog="""\b
Examples:
  hardgate doctor
  hardgate doctor --json

\b
Exit code 4 while some gate cannot be judged, else 0."""
)
@as_of_option
@json_option
@click.pass_context
def command(ctx: click.Context, as_of: datetime | None, as_json: bool) -> None:
    """Examine the workspace: what came in, what did not match, and which evidence would decide which gate."""
    workspace = open_workspace(ctx)
    with progress("examine") as tell:
        found = workspace.diagnose(date_of(workspace, as_of), progress=tell)
    if as_json:
        emit("hardgate.doctor/1", asdict(found))
    else:
        click.echo("\n".join(_lines(found)))
    ctx.exit(4 if found.unlocks or not found.tables else 0)


def _lines(found: "Diagnosis") -> Iterator[str]:
    from hardgate.core.money import short

    yield f"As of {found.as_of}"
    yield ""
    if found.awaited:
        yield "Nothing came in yet of"
        yield from (line for one in found.awaited for line in _awaited(one))
        yield ""
    yield f"{'table':<22} {'rows':>13} {'rejected':>9}  {'days':<26} state"
    yield from (_table(one) for one in found.tables)
    if found.superseded:
        yield ""
        yield "Superseded by what came in later, and not counted above"
        yield from (f"  {one.table:<20} {one.rows:>13,} {one.rejected:>9,}" for one in found.superseded)
    if found.rejects:
        yield ""
        yield "Rejected rows, the first of each table"
        yield from (f"  {one}" for one in found.rejects)
    yield ""
    yield "Joins to pools"
    for join in found.joins:
        yield from _join(join)
    if found.homeless:
        yield ""
        yield found.homeless
    yield ""
    if found.asks == 0:
        yield "Nobody asks for anything yet; write an ask with `hardgate ask`, or bring what asks are made of:"
        yield from (f"  {' or '.join(tables)}: {action}" for action, tables in found.asked_of)
    else:
        yield "Unlock list" if found.unlocks else "Every gate of every ask has its evidence"
    for unlock in found.unlocks:
        yield f"  {unlock.gate} of {unlock.ask}, {short(unlock.amount, unlock.currency)} to decide"
        yield from (f"    {lack}" for lack in unlock.lacks)


def _awaited(one: "Awaited") -> Iterator[str]:
    yield f"  {one.name:<22} {', '.join(one.files)}, from {one.system}"
    if one.decides:
        yield f"  {'':<22} decides {', '.join(one.decides)}"


def _table(one: "Check") -> str:
    days = f"{one.first_day} to {one.last_day}" if one.first_day else "no day"
    late = f"{one.late} days behind {one.expected_day}" if one.late else "fresh"
    gaps = f", missing: {', '.join(_span(gap) for gap in one.gaps[:GAPS_SHOWN])}" if one.gaps else ""
    more = f" and {len(one.gaps) - GAPS_SHOWN} more" if len(one.gaps) > GAPS_SHOWN else ""
    return f"{one.table:<22} {one.rows:>13,} {one.rejected:>9,}  {days:<26} {late}{gaps}{more}"


def _join(join: "Join") -> Iterator[str]:
    from hardgate.core.money import short

    rows = f"{100 * join.matched_rows / join.rows:.1f} % of {join.rows:,} rows" if join.rows else "no rows"
    money = ""
    if join.money is not None and join.matched_money is not None and join.money:
        money = f", {100 * join.matched_money / join.money:.1f} % of {short(join.money, '')} money"
    yield f"  {join.table:<22} matched {rows}{money}"
    for loose in join.largest:
        amount = f", {short(loose.money, '')}" if loose.money is not None else ""
        key = " | ".join(cell.replace("\n", " ") or "(empty)" for cell in loose.key) or "(no key)"
        yield f"    unmatched {key[:KEY_WIDTH]}: {loose.rows:,} rows{amount}"
    if join.line:
        yield f"    add {join.line}"


def _span(gap: tuple[date, date]) -> str:
    return str(gap[0]) if gap[0] == gap[1] else f"{gap[0]} to {gap[1]}"
