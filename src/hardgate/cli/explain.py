"""Print everything behind one gate row: sums, interval, query, batches, limit, flip distance and signers."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click

from hardgate.cli._open import as_of_option, date_of, json_option, open_workspace
from hardgate.core.errors import NotFound, nearest


@click.command(
    epilog="""\b
Examples:
  hardgate explain capacity.utilization hall-4
  hardgate explain capacity.trigger hall-4 --json"""
)
@click.argument("gate")
@click.argument("ask", required=False)
@as_of_option
@json_option
@click.pass_context
def command(ctx: click.Context, gate: str, ask: str | None, as_of: datetime | None, as_json: bool) -> None:
    """Explain a gate's verdict on an ask; without an ask, on every ask that it guards."""
    from hardgate.report.packet import document
    from hardgate.review.areas import unique

    workspace = open_workspace(ctx)
    packet = document(workspace.review(date_of(workspace, as_of)))
    name = unique(gate, workspace.gates)
    rows = [(a, v) for a in packet["asks"] for v in a["verdicts"] if v["gate"] == name and ask in {None, a["id"]}]
    if not rows:
        ids = [one["id"] for one in packet["asks"]]
        raise NotFound(f"{name} judges no ask {ask or ''}: {nearest(ask, ids) if ask else 'no ask is guarded by it'}")
    if as_json:
        body = [{"ask": a["id"], "state": a["state"], "needed": a["needed"], "verdict": v} for a, v in rows]
        click.echo(json.dumps({"schema": "hardgate.explain/1", "rows": body}, indent=2, sort_keys=True))
        return
    files = {one["batch"]: one for one in packet["evidence"]}
    for position, (one, verdict) in enumerate(rows):
        click.echo(("\n" if position else "") + "\n".join(_lines(one, verdict, packet["currency"], files)))


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
        reading = judged["reading"]
        yield ""
        yield f"  {reading['metric']}: {words.condition(judged, currency)} -> {judged['outcome']}"
        for fact, value in reading["facts"].items():
            yield f"    {fact:<28} {words.fact(fact, value)}"
        yield f"    interval                     {words.interval(reading, currency)}"
        yield f"    window                       {reading['window']['start']} to before {reading['window']['end']}"
        yield f"    status                       {reading['status']}"
        yield f"    missing                      {100 * reading['missing']:.1f} % of the window"
        for gap in reading["gaps"]:
            yield f"      {gap}"
        limit = judged["limit"]
        yield f"    limit                        {words.interval(limit, currency)} {limit['because']}".rstrip()
        flip = words.flips(judged, currency)
        noise = f", {abs(judged['noise']):.1f} half-intervals away" if judged["noise"] is not None else ""
        yield f"    flip                         {flip or 'unknown'}{noise}"
        yield f"    held                         {judged['run']} of {judged['held_for']} evaluations"
        if reading["sql"]:
            yield "    sql"
            yield from (f"      {line}" for line in reading["sql"].splitlines())
        yield f"    batches                      {len(reading['batches'])}"
        for batch in reading["batches"]:
            known = files.get(batch)
            yield f"      {batch}  {known['file'] if known else ''}".rstrip()
    for part in verdict["parts"]:
        yield f"  {part['label']}: {part['outcome']}, {part['because']}"
    need = ", ".join(f"{one['count']} x {one['role']}" for one in ask["needed"]) or "nobody more"
    yield f"  who signs   {need}"
