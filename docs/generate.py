"""Writes docs/reference from the gates, metrics, exhibits, tables, rollups and verbs that are found.

    .venv/bin/python docs/generate.py            write docs/reference
    .venv/bin/python docs/generate.py FOLDER     write it somewhere else

A page is a function whose name is its file's; nothing else is listed. `tests/docs/test_reference.py` compares what is
committed with what this writes.
"""  # noqa: INP001  a script of the documentation, no package

import importlib
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from hardgate.core.terms import Action, Choice, Condition, Gate, Metric, Schema
from hardgate.review import areas
from hardgate.review.assumptions import ASSUMPTIONS
from hardgate.review.policy import json_schema
from hardgate.rollups import definition as rollup_files
from hardgate.sources.source import tables as known_tables

FOLDER = Path(__file__).parent / "reference"
MADE = "<!-- Made by `python docs/generate.py`; edit what it reads, not this page. -->\n\n"
WIDTH = 100
"""Of the help of a verb, in characters."""
HOUSE = re.compile(r"^(METHODS|DESIGN|STACK)\b")
"""Working papers that are not part of the repository: a citation of one tells a reader nothing."""


def gates() -> str:
    """Return the page of gates."""
    return _page(
        "Gates",
        "A gate answers one question about an ask. Its name is a key of `gates` in policy.yaml, and what stands under "
        "*limits* may be set there, in all or for a scope. `hardgate explain GATE ASK` shows one at work.",
        (_gate(one) for one in areas.gates().values()),
    )


def metrics() -> str:
    """Return the page of metrics."""
    return _page(
        "Metrics",
        "A metric is one measured concept. Gates compare metrics with limits, and `own_gates` of policy.yaml may use "
        "any of them. *Status* is the best it can be: a reading is as good as its weakest input.",
        (_metric(one) for one in areas.metrics().values()),
    )


def exhibits() -> str:
    """Return the page of exhibits."""
    return _page(
        "Exhibits",
        "An exhibit answers one question with a sentence and a table: `hardgate show NAME`.",
        (
            f"## {name}\n\n**{one.question}**\n\n{_told(f'hardgate.{name}')}\n\n    hardgate show {name}\n"
            for name, one in areas.exhibits().items()
        ),
    )


def tables() -> str:
    """Return the page of tables."""
    return _page(
        "Tables",
        "What hardgate understands, with units and meanings: `hardgate schema NAME` prints the same. An empty optional "
        "cell is unknown; a zero is a zero. [Which system to ask for each](../data.md).",
        (_table(one) for one in known_tables().values()),
    )


def rollups() -> str:
    """Return the page of rollups."""
    return _page(
        "Rollups",
        "Small tables by day or month that `hardgate ingest` keeps up to date; metrics read these and nothing else. "
        "They can be thrown away: the next ingest makes them again. `metrics/*.sql` of a workspace reads them by name.",
        (_rollup(name) for name in sorted(rollup_files.names())),
    )


def cli() -> str:
    """Return the page of verbs."""
    from hardgate.cli import group

    context = click.Context(group, info_name="hardgate", terminal_width=WIDTH, **group.context_settings)
    verbs = [(name, group.get_command(context, name)) for name in group.list_commands(context)]
    return _page(
        "Verbs",
        "Exit codes: 0 nothing blocks; 1 fault; 2 usage or a misconfigured policy; 3 held or refused; 4 evidence "
        "missing or stale; 5 a signature is needed or not permitted. Data goes to stdout, everything else to stderr.",
        [
            f"## hardgate\n\n{_help(group, context)}",
            *(part for name, one in verbs for part in _verb(name, one, context)),
        ],
    )


def assumptions() -> str:
    """Return the page of assumptions."""
    rows = "\n".join(
        f"| {one.name}{'.*' if one.family else ''} | {one.unit} | {one.meaning} | {one.start} |" for one in ASSUMPTIONS
    )
    return _page(
        "Assumptions",
        "Numbers that nobody measures, as they may stand under `assumptions` of policy.yaml. Where one is not stated, "
        "what needs it is unknown, unless the metric's page names a default. *Start* is what `hardgate init` writes.",
        [f"| name | unit | meaning | start |\n|---|---|---|---|\n{rows}\n"],
    )


def settings() -> str:
    """Return the page of hardgate.toml."""
    from hardgate.review.settings_file import File

    return _page(
        "Settings",
        "The sections and keys of hardgate.toml. Unknown keys are mistakes and are shown with the nearest one. A key "
        "of `[[inputs]]` that is not here is an option of its source: [data](../data.md) has them by example.",
        _sections(File),
    )


PAGES: Mapping[str, Callable[[], str]] = {
    f"{one.__name__}.md": one for one in (gates, metrics, exhibits, tables, rollups, cli, assumptions, settings)
}


def pages() -> dict[str, str]:
    """Return every page of the reference by its file's name."""
    schema = json.dumps(json_schema(areas.gates(), areas.metrics()), indent=2, sort_keys=True)
    return {name: page() for name, page in PAGES.items()} | {"policy-schema.json": schema + "\n"}


def _page(title: str, about: str, parts: Iterator[str] | list[str]) -> str:
    return f"# {title}\n\n{MADE}{about}\n\n" + "\n".join(parts)


def _gate(gate: Gate) -> str:
    opens = " and ".join(f"`{action}`" for action in Action if gate.guards(action)) or "nothing: a signal"
    conditions = "\n".join(f"- {_condition(one, gate)}" for one in gate.conditions)
    limits = "\n".join(f"| {one.name} | {getattr(gate.limits, one.name)} |" for one in fields(gate.limits))
    return (
        f"## {gate.name}\n\n**{gate.question}**\n\n{_told(f'hardgate.{gate.name}')}\n\n"
        f"Guards {opens}. Judged on {', '.join(gate.per)}, over {gate.window}; owner: {gate.owner}.\n\n"
        f"{conditions}\n\n| limits | default |\n|---|---|\n{limits}\n"
    )


def _condition(one: Condition, gate: Gate) -> str:
    side, limit = ("at least", one.at_least) if one.at_least is not None else ("at most", one.at_most)
    held = f", {one.held_for} evaluations in a row" if one.held_for > 1 else ""
    if isinstance(limit, str):
        shown = (
            f"{getattr(gate.limits, limit)} (`{limit}`)" if isinstance(one.metric, Metric) else "the limit of its name"
        )
    else:
        shown = _measure(limit)
    left = f", left at {getattr(gate.limits, one.leaves)} (`{one.leaves}`)" if one.leaves else ""
    looks = f", at each of {getattr(gate.limits, one.looks)} looks (`{one.looks}`)" if one.looks else ""
    return f"{_measure(one.metric)}: {side} {shown}{held}{left}{looks}"


def _measure(one: Metric | Choice | None) -> str:
    if isinstance(one, Choice):
        listed = ", ".join(f"{name}: {_measure(metric)}" for name, metric in one.options)
        return f"by `{one.by}` one of ({listed})"
    return "" if one is None else f"[{one.name}](metrics.md#{one.name})"


def _metric(metric: Metric) -> str:
    rows = {
        "prints as": metric.meaning,
        "unit": metric.unit,
        "denominator": metric.denominator,
        "better": metric.better,
        "interval": metric.interval,
        "status": metric.status,
        "reads": ", ".join(f"{one.table}.{one.column}" for one in metric.facts) or "other metrics and rollups",
    }
    lines = "\n".join(f"| {name} | {value} |" for name, value in rows.items() if value)
    return f"## {metric.name}\n\n{_told(f'hardgate.metrics.{metric.name}')}\n\n| | |\n|---|---|\n{lines}\n"


def _table(table: Schema) -> str:
    lines = [f"## {table.name}", "", f"{table.meaning[:1].upper()}{table.meaning[1:]}.", ""]
    lines += ["| column | type | unit | meaning |", "|---|---|---|---|"]
    lines += [
        f"| {one.name} | {one.type}{', optional' if one.nullable else ''} | {one.unit} | {one.meaning} |"
        for one in table.columns
    ]
    rows = "rows" if table.lines else "row"
    lines += ["", f"One {rows[:3]} states: {', '.join(table.key)}. Dated by {table.day}."]
    if table.lines:
        lines.append("Several rows may share that key, and are replaced together.")
    if table.every:
        lines.append(f"Expected every {table.every}: a missing one is a gap.")
    if table.known:
        lines.append(f"Known from {table.known}, where that is given.")
    if table.register:
        lines.append("A register: a key that leaves its file is withdrawn from then on.")
    return "\n".join(lines) + "\n"


def _rollup(name: str) -> str:
    one = rollup_files.definition(name)
    head = [line[2:].strip() for line in one.sql.splitlines() if line.startswith("--")]
    prose = " ".join(
        line or "\n\n" for line in head if not re.match(r"(grain|forward|inputs|spans|since|reach):", line)
    )
    told = "\n\n".join(part.strip() for part in prose.split("\n\n") if part.strip())
    forward = ", speaks of days to come" if one.forward else ""
    reads = ", ".join(_link(table) for table in one.inputs)
    return f"## {name}\n\n{told}\n\nBy {one.grain}{forward}. Reads {reads}.\n"


def _link(table: str) -> str:
    return f"[{table}](tables.md#{table})" if table in known_tables() else f"[{table}](#{table})"


def _verb(name: str, verb: click.Command | None, parent: click.Context) -> Iterator[str]:
    if verb is None:
        return
    context = click.Context(verb, info_name=name, parent=parent, terminal_width=WIDTH, **verb.context_settings)
    yield f"## {context.command_path}\n\n{_help(verb, context)}"
    if isinstance(verb, click.Group):
        for below in verb.list_commands(context):
            yield from _verb(below, verb.get_command(context, below), context)


def _help(verb: click.Command, context: click.Context) -> str:
    lines = verb.get_help(context).splitlines()
    return "\n".join(f"    {line}".rstrip() for line in lines) + "\n"


def _sections(model: Any) -> Iterator[str]:  # noqa: ANN401  a pydantic model
    """Yield the keys of the file itself, then those of each section."""
    from pydantic import BaseModel

    found = {name: _models(one.annotation, BaseModel) for name, one in model.model_fields.items()}
    yield _keys(
        "At the top", (inspect.getdoc(model) or ""), {n: f for n, f in model.model_fields.items() if not found[n]}
    )
    for name, below in found.items():
        for one in below:
            annotation = str(model.model_fields[name].annotation)
            mark = (
                f"[[{name}]]" if "list[" in annotation else f"[{name}.TABLE]" if "dict[" in annotation else f"[{name}]"
            )
            yield _keys(mark, inspect.getdoc(one) or "", one.model_fields)


def _models(annotation: Any, base: type) -> list[Any]:  # noqa: ANN401  a type, or a generic of one
    inner = getattr(annotation, "__args__", None) or (annotation,)
    return [one for one in inner if inspect.isclass(one) and issubclass(one, base)]


def _keys(title: str, about: str, found: Mapping[str, Any]) -> str:
    rows = []
    for name, one in found.items():
        if one.is_required():
            default = "required"
        else:
            default = "" if one.default is None or one.default_factory else str(one.default)
        rows.append(f"| {one.alias or name} | {default} |")
    return f"## {title}\n\n{about}\n\n| key | default |\n|---|---|\n" + "\n".join(rows) + "\n"


def _told(module: str) -> str:
    """Return the documentation of a module without its doctest, and its sources as far as a reader can find them."""
    text = inspect.getdoc(importlib.import_module(module)) or ""
    parts = text.partition(">>>")[0].strip().split("\n\n")
    kept = [_source(part) if part.startswith("Source:") else part for part in parts]
    return "\n\n".join(part for part in kept if part)


def _source(text: str) -> str:
    cited = [part.strip() for part in text.removeprefix("Source:").strip().rstrip(".").replace("\n", " ").split(";")]
    outside = [part for part in cited if not HOUSE.match(part)]
    return f"Source: {'; '.join(outside)}." if outside else ""


def main() -> None:
    """Write the reference."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
