"""What a rollup is: a SELECT in a file of its own, whose first lines say what it means and what it reads.

The comment at the head is the documentation; its last lines are read here:

    -- grain: day                        one row set a day, a week (told once it has ended), or a month
    -- forward: yes                      it speaks about days to come
    -- inputs: capacity, pool_hour       tables of the lake and other rollups, each with its `known_from` and `known_to`
    -- spans: capacity                   inputs whose rows count on every day from their first to their last
    -- prior: orders                      inputs whose earlier rows count too, as far back as they go
                                         (`orders_since`: those of the days made, `orders_before`: all before them)
    -- since: pool_hour(pool, field)     needs to know on which day each of these first appeared
    -- reach: workload_allocations       needs to know on which days anything of this table became known
    -- money: yes                        its sums are amounts: one that is missing has no bounds

The SELECT joins `periods(day, known)`, the versions of days that are to be made, and gives `day` and `known` first.

>>> definition("sales_month").inputs
('sales',)
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from hardgate.core.errors import Misconfigured, NotFound, nearest
from hardgate.engine.portable import parameters

_LINE = re.compile(r"^-- (grain|forward|inputs|spans|prior|since|reach|money):\s*(.*?)\s*$")
_SINCE = re.compile(r"(\w+)\(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Rollup:
    """One rollup as its file states it."""

    name: str
    sql: str
    meaning: str
    inputs: tuple[str, ...]
    grain: str = "day"
    forward: bool = False
    spans: tuple[str, ...] = ()
    prior: tuple[str, ...] = ()
    since: tuple[tuple[str, tuple[str, ...]], ...] = ()
    reach: tuple[str, ...] = ()
    money: bool = False

    @property
    def digest(self) -> str:
        """The SHA-256 of the SQL text, comments included: what an auditor finds with `sha256sum`."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the settings that it asks for."""
        return parameters(self.sql)


@cache
def names() -> tuple[str, ...]:
    """Return the names of all rollups, each after those that it reads."""
    found = sorted(path.name[: -len(".sql")] for path in files(__package__).iterdir() if path.name.endswith(".sql"))
    placed: list[str] = []
    while len(placed) < len(found):
        ready = [name for name in found if name not in placed and _read_by(name, found) <= set(placed)]
        if not ready:
            message = f"rollups read each other in a circle: {', '.join(sorted(set(found) - set(placed)))}"
            raise Misconfigured(message)
        placed += ready
    return tuple(placed)


def _read_by(name: str, among: list[str]) -> set[str]:
    return {one for one in definition(name).inputs if one in among}


@cache
def definition(name: str) -> Rollup:
    """Return the rollup of this name.

    Raises:
        NotFound: there is none.

    """
    path = files(__package__) / f"{name}.sql"
    if not path.is_file():
        known = [one.name[: -len(".sql")] for one in files(__package__).iterdir() if one.name.endswith(".sql")]
        message = f"no rollup is called {name!r}; {nearest(name, known)}"
        raise NotFound(message)
    return parse(name, path.read_text(encoding="utf-8"))


def parse(name: str, sql: str) -> Rollup:
    """Read a rollup from its text.

    Raises:
        Misconfigured: the head does not say what it reads.

    """
    head = {match[1]: match[2] for match in map(_LINE.match, sql.splitlines()) if match}
    if "inputs" not in head:
        message = f"{name}.sql does not say what it reads: add a line such as '-- inputs: sales' to its head"
        raise Misconfigured(message)
    said = [line[3:] for line in sql.splitlines() if line.startswith("-- ") and not _LINE.match(line)]
    return Rollup(
        name=name,
        sql=sql,
        meaning=said[0] if said else "",
        inputs=_listed(head["inputs"]),
        grain=head.get("grain", "day"),
        forward=head.get("forward") == "yes",
        spans=_listed(head.get("spans", "")),
        prior=_listed(head.get("prior", "")),
        since=tuple((one, _listed(columns)) for one, columns in _SINCE.findall(head.get("since", ""))),
        reach=_listed(head.get("reach", "")),
        money=head.get("money") == "yes",
    )


@cache
def is_money(name: str) -> bool:
    """Tell whether a table is a rollup of money; a user's own table is not."""
    return name in names() and definition(name).money


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
