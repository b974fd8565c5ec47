"""Our reference architectures as workspaces: one folder of data a kind of operator, from which the files are made.

`templates/<name>/template.toml` lists the inputs, which of them to begin with, and the templates that it includes;
`README.md` beside it says who it is for. Settings, the README with what to export from which system, and the CSV
headers are made from that and from the schemas. Wrong when a template lists what nobody exports: the list is a map.

>>> "gpu-cloud" in names(), begins(template("model-api"))[0].name
(True, 'accounts')
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from hardgate.core.errors import NotFound, nearest
from hardgate.core.terms import Gate
from hardgate.review.deciding import decides, kinds
from hardgate.review.exports import Export, readable

FOLDER = "templates"
FILE = "template.toml"
MARK = "# One file is enough to begin"
"""Where the inputs of the common settings begin; what stands before is every workspace's."""
TAIL = "# A pool's region and accelerator type"
"""Where what follows the inputs and known times begins."""


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of operator: what it is called, which inputs it reads, and with which it begins."""

    name: str
    title: str
    inputs: tuple[str, ...]
    begin_with: tuple[str, ...]
    cost_source: str
    introduction: str


@cache
def names() -> tuple[str, ...]:
    """Return the names of all templates."""
    root = resources.files("hardgate.review").joinpath(FOLDER)
    return tuple(sorted(one.name for one in root.iterdir() if one.joinpath(FILE).is_file()))


@cache
def template(name: str) -> Template:
    """Return a template with the inputs of those that it includes, each once.

    Raises:
        NotFound: there is none of this name.

    """
    if name not in names():
        message = f"no template is called {name!r}; {nearest(name, names())}"
        raise NotFound(message)
    folder = resources.files("hardgate.review").joinpath(FOLDER, name)
    told = tomllib.loads(folder.joinpath(FILE).read_text("utf-8"))
    included = [one for other in told.get("includes", ()) for one in template(other).inputs]
    return Template(
        name,
        told["title"],
        tuple(dict.fromkeys([*included, *told["inputs"]])),
        tuple(told["begin_with"]),
        told["cost_source"],
        folder.joinpath("README.md").read_text("utf-8"),
    )


def begins(one: Template) -> list[Export]:
    """Return the inputs to begin with, as far as they can be read."""
    return readable(one.begin_with)


def settings_text(one: Template, common: str) -> str:
    """Return hardgate.toml: what is every workspace's, then each input; those not to begin with stand in comments."""
    head, _, rest = common.partition(MARK)
    tail = TAIL + rest.partition(TAIL)[2]
    head = re.sub(r'^cost_source = "\w+" ', f'cost_source = "{one.cost_source}" ', head, flags=re.MULTILINE)
    first = begins(one)
    others = [other for other in readable(one.inputs) if other not in first]
    parts = [
        '# Where each table comes from. Columns that are called otherwise are mapped: columns = {ours = "theirs"}.\n',
        *map(_input, first),
        "# Remove the # of what you have.\n",
        *("".join(f"# {line}\n" for line in _input(other).splitlines()) for other in others),
        _KNOWN,
        *(_known(other) for other in [*first, *others] if other.late is not None and other.name != "pools_file"),
    ]
    return f"{head}{chr(10).join(parts)}\n{tail}"


_KNOWN = """\
# When a row became known, where it does not say so itself: this long after its day. It is an assumption, and every
# packet that uses one says so; without it a row is known from the day it was first read, and no verdict can look back.\
"""


def _input(one: Export) -> str:
    table = f'table = "{one.name}"\n' if one.source == "table" else ""
    return (
        f'[[inputs]]                         # {one.system}\nsource = "{one.source}"\n{table}files = ["{one.where}"]\n'
    )


def _known(one: Export) -> str:
    return f'[tables.{one.name}]\nknown_after = "{one.late} day{"" if one.late == 1 else "s"}"'


def readme_text(one: Template, gates: Mapping[str, Gate]) -> str:
    """Return the README: who it is for, what to export from which system, and which gates each input decides."""
    first = begins(one)
    inputs = [*first, *(other for other in readable(one.inputs) if other not in first)]
    asked = kinds()
    decided = {other.name: ", ".join(decides(other.name, gates, asked)) for other in inputs}
    rows = [f"| {other.name} | {other.system} | {other.export} | {decided[other.name]} |" for other in inputs]
    later = [name for name in one.inputs if name not in {other.name for other in inputs}]
    lines = [
        f"# {one.title}",
        "",
        one.introduction.strip(),
        "",
        "## What to export from which system",
        "",
        "| input | from | export | decides |",
        "|---|---|---|---|",
        *rows,
        "",
        f"Read later, with the areas that are not installed yet: {', '.join(later)}.\n" if later else "",
        _STEPS,
    ]
    return "\n".join(lines)


_STEPS = """\
## Next

1. Put the files of the inputs without `#` in hardgate.toml where it says, with the headers of `templates/`.
2. `hardgate ingest`, then `hardgate doctor`: it names what is missing, from which system, and what that would decide.
3. `hardgate review` prints the packet. Every gate in policy.yaml starts in shadow and holds nothing until you sign.
"""
