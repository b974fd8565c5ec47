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

from hardgate.core.errors import Misconfigured, Mistake, NotFound, nearest
from hardgate.core.terms import Gate, Metric, Schema
from hardgate.review import areas
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
    texts: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write a workspace into a folder, empty or of these texts, and return what was written, in order.

    Raises:
        Misconfigured: some of the files are there already; nothing is written then.

    """
    if texts is None:
        texts = contents(areas.gates() if gates is None else gates, areas.metrics() if metrics is None else metrics)
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


def contents(gates: Mapping[str, Gate], metrics: Mapping[str, Metric]) -> dict[str, str]:
    """Return the text of every file of a new workspace, by its path."""
    schemas = tables()
    texts = {name: _static(name) for name in STATIC}
    texts["policy.yaml"] = policy_text(gates, metrics)
    texts["templates/pools_file.csv"] = _header(name for name, *_ in POOLS)
    texts |= {f"templates/{name}.csv": _header(one.name for one in table.columns) for name, table in schemas.items()}
    texts["templates/README.md"] = _meanings(schemas)
    return texts


def templates() -> tuple[str, ...]:
    """Return the names of the whole workspaces that `init --template` writes."""
    folder = resources.files("hardgate.review").joinpath("templates")
    return tuple(
        sorted(one.name for one in folder.iterdir() if one.is_dir() and one.joinpath("hardgate.toml").is_file())
    )


def template(name: str) -> dict[str, str]:
    """Return the text of every file of one of the templates, by its path.

    Raises:
        NotFound: there is none of this name.

    """
    if name not in templates():
        raise NotFound(f"no template is called {name!r}; {nearest(name, templates())}")
    return dict(_below(resources.files("hardgate.review").joinpath("templates", name), ""))


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


def _meanings(schemas: Mapping[str, Schema]) -> str:
    """Return the README of the templates: what each column means, made from the schemas."""
    parts = [_INTRODUCTION, _table("pools_file", "one file to begin with, a row for each pool and month", POOLS)]
    for name, schema in schemas.items():
        rows = [
            (one.name, one.type, one.unit, f"{one.meaning}{'; optional' if one.nullable else ''}")
            for one in schema.columns
        ]
        parts.append(_table(name, schema.meaning, rows) + _statement(schema))
    return "\n".join(parts)


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
