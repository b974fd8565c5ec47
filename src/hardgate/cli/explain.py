"""Explain a gate row: sums, interval, query, batches, limit, flip distance and signers."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Any

import click

from hardgate.cli import _names
from hardgate.cli._open import as_of_option, date_of, json_option, open_workspace
from hardgate.cli._terminal import emit, progress
from hardgate.core.errors import NotFound, nearest

LABEL = 30


TOLERANCE = 0.005
"""What rounding a sum or a ratio may take away."""


@click.command(
    epilog="""\b
Examples:
  hardgate explain capacity.utilization hall-4
  hardgate explain trigger                          the area may be left out; on every ask that it guards
  hardgate explain capacity.trigger hall-4 --json"""
)
@click.argument("gate", shell_complete=_names.gates)
@click.argument("ask", required=False, shell_complete=_names.asks)
@as_of_option
@json_option
@click.pass_context
def command(ctx: click.Context, gate: str, ask: str | None, as_of: datetime | None, as_json: bool) -> None:
    """Explain a gate's verdict on an ask; without an ask, on every ask that it guards."""
    from hardgate.report.packet import document
    from hardgate.review.areas import unique

    workspace = open_workspace(ctx)
    name = unique(gate, workspace.gates)
    with progress("review") as tell:
        packet = document(workspace.review(date_of(workspace, as_of), progress=tell))
    rows = [(a, v) for a in packet["asks"] for v in a["verdicts"] if v["gate"] == name and ask in {None, a["id"]}]
    if not rows:
        raise NotFound(_nothing(packet, name, ask))
    if as_json:
        body = [{"ask": a["id"], "state": a["state"], "needed": a["needed"], "verdict": v} for a, v in rows]
        emit("hardgate.explain/1", {"rows": body})
        return
    files = {one["batch"]: one for one in packet["evidence"]}
    said = ("\n".join(_lines(one, verdict, packet["currency"], files)) for one, verdict in rows)
    click.echo("\n\n".join(said))


def _nothing(packet: Mapping[str, Any], gate: str, ask: str | None) -> str:
    """Say why there is nothing to explain."""
    asks = {one["id"]: one for one in packet["asks"]}
    if ask is None:
        return f"{gate} guards none of the {len(asks)} asks of this review"
    if ask not in asks:
        return f"there is no ask {ask!r} in this review: {nearest(ask, asks) or 'nobody asks for anything'}"
    return f"{gate} does not guard {ask}, which wants to {asks[ask]['action']}"


def _lines(
    ask: Mapping[str, Any], verdict: Mapping[str, Any], currency: str, files: Mapping[str, Any]
) -> Iterator[str]:
    from hardgate.report import words

    yield f"{verdict['gate']}: {verdict['question']}"
    yield f"  ask         {ask['id']}: {ask['action']} {ask['label']}"
    yield f"  verdict     {verdict['outcome']} ({verdict['mode']}), owner {verdict['owner']}"
    yield f"  because     {verdict['because']}"
    if verdict["since"]:
        yield f"  since       {verdict['since']}"
    yield f"  limits      {verdict['limit_source']}"
    for judged in verdict["conditions"]:
        yield ""
        yield from _condition(judged, currency, files)
    for part in verdict["parts"]:
        yield f"  {part['label']}: {part['outcome']}, {part['because']}"
    for signal in verdict.get("heard", ()):
        yield f"  {words.fired(signal)}"
    need = ", ".join(f"{one['count']} x {one['role']}" for one in ask["needed"]) or "nobody more"
    yield f"  who signs   {need}"


def _condition(judged: Mapping[str, Any], currency: str, files: Mapping[str, Any]) -> Iterator[str]:
    """Yield one condition: the reading with its sums, then its limit, then where it comes from."""
    from hardgate.report import words

    reading, limit = judged["reading"], judged["limit"]
    yield f"  {reading['metric']}: {words.condition(judged, currency)} -> {judged['outcome']}"
    ratio = ("numerator", "denominator") if _is_ratio(reading) else ()
    for part, (fact, value) in zip_longest(ratio, reading["facts"].items()):
        if fact is not None:
            yield _line(part or "", f"{words.fact(fact, value, currency, reading['unit'])} {words.fact_named(fact)}")
    yield _line("interval", words.interval(reading, currency))
    yield _line("window", f"{reading['window']['start']} to before {reading['window']['end']}")
    yield _line("status", reading["status"])
    yield _line("missing", f"{100 * reading['missing']:.1f} % of the window")
    yield from (_line("", gap) for gap in reading["gaps"])
    yield _line("limit", f"{words.interval(limit, currency)} {limit['because']}")
    noise = (
        f", {abs(judged['noise']):.1f} half-intervals from the limit to its middle"
        if judged["noise"] is not None
        else ""
    )
    yield _line("flip", f"{words.flips(judged, currency) or 'unknown'}{noise}")
    yield _line("held", f"{judged['run']} of {judged['held_for']} evaluations")
    yield from (_line("sql" if not at else "", line) for at, line in enumerate(reading["sql"].splitlines()))
    yield _line("batches", str(len(reading["batches"])))
    for batch in reading["batches"]:
        yield f"      {batch}  {files[batch]['file'] if batch in files else ''}".rstrip()


def _line(label: str, text: str) -> str:
    return f"    {label:<{LABEL}} {text}".rstrip()


def _is_ratio(reading: Mapping[str, Any]) -> bool:
    """Tell whether a reading is its first sum over its second, as far as its digits go."""
    sums = [one for one in reading["facts"].values() if isinstance(one, int | float)][:2]
    known = len(sums) == 2 and sums[1] != 0 and isinstance(reading["value"], int | float)  # noqa: PLR2004  top, bottom
    return known and abs(sums[0] / sums[1] - reading["value"]) < TOLERANCE
