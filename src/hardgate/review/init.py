"""A new workspace: settings, a policy with every gate in shadow, a place for asks, and a template for every table.

Nothing is asked and nothing is overwritten. The policy is written from the gates themselves and the templates from the
schemas, so that they never drift from what is understood.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from hardgate.core.errors import Misconfigured, Mistake
from hardgate.core.terms import Gate, Metric, Schema
from hardgate.review import areas, workspace_template
from hardgate.review.policy_template import policy_text
from hardgate.sources.source import tables

STATIC = ("hardgate.toml", "asks/README.md", "asks/example.yaml")
POOLS = (
    ("pool", "text", "", "the pool"),
    ("gpus", "integer", "GPUs", "accelerators installed in the month"),
    ("live_date", "date", "", "day they began to accept load"),
    ("month", "date", "", "first day of the month"),
    ("allocated_gpu_hours", "number", "GPU-hours", "GPU-hours allocated in the month"),
    ("cost", "money", "currency", "all-in cost of the month"),
    ("revenue", "money", "currency", "net revenue of the month"),
    ("region", "text", "", "region; optional"),
    ("accelerator", "text", "", "accelerator type; optional"),
    ("currency", "text", "", "currency of cost and revenue; without it that of its input in hardgate.toml; optional"),
    ("queued_gpu_hours", "number", "GPU-hours", "GPU-hours asked for and not served; optional"),
)
"""The columns of pools.csv, the one file that is enough to begin."""


def write_workspace(
    folder: Path,
    gates: Mapping[str, Gate] | None = None,
    metrics: Mapping[str, Metric] | None = None,
    *,
    template: str | None = None,
) -> list[Path]:
    """Write a workspace into a folder and return what was written, in order; of a template, where one is named.

    Raises:
        Misconfigured: some of the files are there already; nothing is written then.
        NotFound: no template has this name.

    """
    every = areas.gates() if gates is None else gates
    texts = contents(every, areas.metrics() if metrics is None else metrics, template)
    there = [name for name in texts if (folder / name).exists()]
    if there:
        hint = "remove them, or make the workspace in another folder"
        raise Misconfigured(
            [Mistake(f"not overwritten, since they are there already: {', '.join(there)}", suggestion=hint)]
        )
    paths = []
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        paths.append(path)
    return paths


def contents(gates: Mapping[str, Gate], metrics: Mapping[str, Metric], template: str | None = None) -> dict[str, str]:
    """Return the text of every file of a new workspace, by its path; of a template, only what it reads."""
    if template in ready():
        return dict(_below(resources.files("hardgate.review").joinpath("templates", template), ""))
    schemas = tables()
    texts = {name: _static(name) for name in STATIC}
    if template is not None:
        kind = workspace_template.template(template)
        texts = {"README.md": workspace_template.readme_text(kind, gates), **texts}
        texts["hardgate.toml"] = workspace_template.settings_text(kind, texts["hardgate.toml"])
        schemas = {name: schema for name, schema in schemas.items() if name in kind.inputs}
    texts["policy.yaml"] = policy_text(gates, metrics)
    one_file = template is None or "pools_file" in workspace_template.template(template).inputs
    if one_file:
        texts["templates/pools_file.csv"] = _header(name for name, *_ in POOLS)
    texts |= {f"templates/{name}.csv": _header(one.name for one in table.columns) for name, table in schemas.items()}
    texts["templates/README.md"] = _meanings(schemas, one_file=one_file)
    return texts


def ready() -> tuple[str, ...]:
    """Return the names of the templates that are whole workspaces with their data, and are copied as they are."""
    folder = resources.files("hardgate.review").joinpath("templates")
    return tuple(
        sorted(one.name for one in folder.iterdir() if one.is_dir() and one.joinpath("hardgate.toml").is_file())
    )


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            yield from _below(one, f"{path}{one.name}/")
        else:
            yield path + one.name, one.read_text("utf-8")


def _static(name: str) -> str:
    return resources.files("hardgate.review").joinpath("templates", name).read_text("utf-8")


def _header(names: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(names)
    return written.getvalue()


def _meanings(schemas: Mapping[str, Schema], *, one_file: bool) -> str:
    """Return the README of the templates: what each column means, made from the schemas."""
    parts = [_INTRODUCTION.replace(_ONE_FILE, "") if not one_file else _INTRODUCTION]
    if one_file:
        parts.append(_table("pools_file", "one file to begin with, a row for each pool and month", POOLS))
    for name, schema in schemas.items():
        rows = [
            (one.name, one.type, one.unit, f"{one.meaning}{'; optional' if one.nullable else ''}")
            for one in schema.columns
        ]
        parts.append(_table(name, schema.meaning, rows) + _statement(schema))
    return "\n".join(parts)


_ONE_FILE = """\
 Copy `pools_file.csv` to `pools.csv` beside
hardgate.toml to begin."""
_INTRODUCTION = """\
# Templates

One CSV file a table: the header is here, the meanings are below. Copy `pools_file.csv` to `pools.csv` beside
hardgate.toml to begin. For any other table add to hardgate.toml

    [[inputs]]
    source = "table"
    table = "capacity_plan"
    files = ["data/capacity_plan.csv"]

Columns that are called otherwise in your files are mapped there with `columns = {ours = "theirs"}`. Leave an optional
value empty where it is not known: an empty value is unknown, and a zero is a zero.
"""


def _table(name: str, meaning: str, rows: Iterable[tuple[str, str, str, str]]) -> str:
    lines = [
        f"## {name}",
        "",
        f"{meaning[:1].upper()}{meaning[1:]}.",
        "",
        "| column | type | unit | meaning |",
        "|---|---|---|---|",
    ]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows), ""])


def _statement(schema: Schema) -> str:
    """Return what a row of a table states, and when a later one replaces it."""
    every = f" Rows are expected every {schema.every}; a missing one is a gap." if schema.every else ""
    lines = ", all its lines together" if schema.lines else ""
    return f"\nA row known later with the same {', '.join(schema.key)} replaces the earlier one{lines}.{every}\n"
