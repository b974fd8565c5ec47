"""Tables of docs/evidence.md from the results of the study: all of a page's figures stand between two comments.

`<!-- table NAME -->` begins what `<!-- end -->` ends. Nothing is computed here that the results do not hold, but sums.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.regret import chart
from bench.regret.rules import ALWAYS, FAR_TOLD, GATE, NEVER, THUMB, TOLD, TRIGGER, WHOLE_BLOCK
from bench.regret.study import HINDSIGHT, LIVES, ONE_DATE, TUNED

PAGE = Path(__file__).parents[2] / "docs" / "evidence.md"
INVENTED, REAL = "regret.json", "regret-real.json"
BOUNDS = frozenset({HINDSIGHT, TOLD, FAR_TOLD})
"""What no rule of this world could know."""
FARTHEST = 9.995
"""Shares beyond are printed as more than that: there is hardly anything to lose."""
DRAWN = (TRIGGER, GATE, WHOLE_BLOCK, TUNED, THUMB, NEVER)
Body = Mapping[str, Any]
Lines = list[str]


def write(results: Path, page: Path = PAGE) -> None:
    """Write the tables into the page, and the chart beside it."""
    page.write_text(filled(page.read_text(encoding="utf-8"), tables(results)), encoding="utf-8")
    page.with_suffix(".svg").write_text(drawing(results), encoding="utf-8")


def drawing(results: Path) -> str:
    """Return the chart of the invented pools, whole lives, all cells together."""
    fleets = json.loads((results / INVENTED).read_text(encoding="utf-8"))["fleets"]
    return chart.panels(
        [
            (fleet["name"], [(name, _together(fleet, LIVES)["rules"][name]["share"]) for name in DRAWN])
            for fleet in fleets
        ]
    )


def filled(text: str, made: Mapping[str, Lines]) -> str:
    """Return a page with its tables replaced.

    Raises:
        KeyError: the page wants a table that is not made.

    """
    kept, inside = [], False
    for line in text.splitlines():
        if line.startswith("<!-- table "):
            kept += [line, "", *made[line.removeprefix("<!-- table ").removesuffix(" -->")], ""]
            inside = True
        elif line == "<!-- end -->":
            inside = False
        if not inside:
            kept.append(line)
    return "\n".join(kept) + "\n"


def tables(results: Path) -> dict[str, Lines]:
    """Return every table, by the name under which the page asks for it."""
    invented, real = (json.loads((results / one).read_text(encoding="utf-8")) for one in (INVENTED, REAL))
    made = {
        "design": _design(invented),
        "summary": _summary(invented["fleets"], LIVES),
        "summary to one date": _summary(invented["fleets"], ONE_DATE),
        "summary of real demand": _summary(real["fleets"], ONE_DATE),
        "sources": list(_sources(real)),
        "known": _known(invented["known"]["cells"]),
        "lost by the trigger": _losing(invented["fleets"], LIVES, 0),
        "lost by the trigger on real demand": _losing(real["fleets"], ONE_DATE, 0),
        "lost by the gate": _beaten(invented["fleets"], real["fleets"]),
        "shares": _shares(invented["fleets"]),
        "ways": _ways(invented["fleets"], LIVES),
        "ways on real demand": _ways(real["fleets"], ONE_DATE),
    }
    for fleet in invented["fleets"]:
        made[f"grid {fleet['name']}"] = _grid(fleet, LIVES)
    for fleet in real["fleets"]:
        made[f"grid {fleet['name']}"] = _grid(fleet, ONE_DATE)
    return made


def _design(body: Body) -> Lines:
    first = body["fleets"][0]
    said = (
        f"Seed {body['seed']}, version {body['version']} of the study",
        f"{first['pools']} pools of each kind, {first['reviews']} reviews each, {len(_of(first, LIVES))} cells",
        f"owning a GPU-month costs {body['own']:,.0f}",
        f"the discount rate is {_percent(body['discount'])}, intervals are of {100 * body['confidence']:.0f} %",
    )
    return ["; ".join(said) + "."]


def _summary(fleets: Sequence[Body], counted: str) -> Lines:
    """Return regret over the bound of all cells together, and in how many cells each rule beats the trigger."""
    together = [_together(one, counted)["rules"] for one in fleets]
    rows = []
    for name in (one for one in together[0] if all(one in rules for rules in together)):
        row = [_marked(name)]
        for fleet, rules in zip(fleets, together, strict=True):
            counts = [sum(_sign(cell, name, 0) == sign for cell in _of(fleet, counted)) for sign in (-1, 1)]
            said = "" if name == TRIGGER else f" ({counts[0]} / {counts[1]})"
            row.append(_interval(rules[name]["share"]) + said)
        rows.append(row)
    return _table(["rule", *(one["name"] for one in fleets)], rows)


def _ways(fleets: Sequence[Body], counted: str) -> Lines:
    """Return what some rules lost by going and by holding, in % of the bound of all cells together."""
    rows = []
    for name in (TRIGGER, GATE, WHOLE_BLOCK, TUNED, THUMB):
        row = [name]
        for both in (_together(fleet, counted) for fleet in fleets):
            lost = (both["rules"][name][way] / both["bound"] for way in ("wrong_go", "wrong_hold"))
            row.append(" / ".join(map(_bare, lost)))
        rows.append(row)
    return _table(["rule", *(one["name"] for one in fleets)], rows)


def _grid(fleet: Body, counted: str) -> Lines:
    """Return regret over the bound of every cell and rule, with its interval."""
    names = list(_rules(fleet))
    rows = [
        [*_where(cell), f"{cell['bound']:,}", *(_interval(cell["rules"][name]["share"]) for name in names)]
        for cell in _of(fleet, counted)
    ]
    return _table(["margin", "lead", "tranche", "bound a pool", *map(_marked, names)], rows)


def _losing(fleets: Sequence[Body], counted: str, ours: int) -> Lines:
    """Return every cell in which a rule is better than ours: the whole interval of the difference lies below nothing."""
    rows = []
    for fleet in fleets:
        for cell in _of(fleet, counted):
            found = [name for name in cell["rules"] if name not in BOUNDS and _sign(cell, name, ours) == -1]
            if found:
                mine = cell["rules"][TRIGGER]
                said = (f"{_marked(name)} {_less(cell['rules'][name]['more'][ours])}" for name in found)
                rows.append(
                    [fleet["name"], *_where(cell), f"{mine['regret']:,}", _interval(mine["share"]), "; ".join(said)]
                )
    head = ["demand", "margin", "lead", "tranche", "lost a pool", "of the bound", "better by, in % of the bound"]
    return _table(head, rows) if rows else ["In no cell."]


def _beaten(invented: Sequence[Body], real: Sequence[Body]) -> Lines:
    """Return in how many cells the gate as installed loses to the trigger alone and to each of the simple rules."""
    names = (TRIGGER, TUNED, THUMB, NEVER, ALWAYS)
    rows = []
    for fleet, counted in (*((one, LIVES) for one in invented), *((one, ONE_DATE) for one in real)):
        cells = _of(fleet, counted)
        row = [fleet["name"], str(len(cells))]
        for name in names:
            better, worse = (sum(_sign(c, name, 1) == sign for c in cells) for sign in (-1, 1))
            row.append(f"{better} / {worse}")
        rows.append(row)
    return _table(["demand", "cells", *names], rows)


def _known(cells: Sequence[Body]) -> Lines:
    one, other = (next(cell for cell in cells if cell["counted"] == counted) for counted in (LIVES, ONE_DATE))
    rows = [
        [_marked(name), *(_interval(cell["rules"][name]["share"]) for cell in (one, other))] for name in one["rules"]
    ]
    rows.append(["threshold tuned in hindsight", *(_share(cell["shares"][HINDSIGHT]) for cell in (one, other))])
    return _table(["rule", LIVES, ONE_DATE], rows)


def _shares(fleets: Sequence[Body]) -> Lines:
    rows = []
    for fleet in fleets:
        row = [fleet["name"]]
        for name in (TUNED, HINDSIGHT):
            found = sorted((c["shares"][name] for c in _of(fleet, LIVES)), key=lambda one: (one is None, one))
            row.append(f"{_share(found[0])} to {_share(found[-1])}")
        rows.append(row)
    return _table(["demand", TUNED, HINDSIGHT], rows)


def _sources(body: Body) -> Iterator[str]:
    yield f"Read on {body['read_on']}."
    yield ""
    for fleet in body["fleets"]:
        yield f"- **{fleet['name']}**: {fleet['source']}. {fleet['pools']} pools, {fleet['reviews']} reviews."


def _of(fleet: Body, counted: str) -> list[Body]:
    return [one for one in fleet["cells"] if one["counted"] == counted]


def _together(fleet: Body, counted: str) -> Body:
    found: Body = next(one for one in fleet["together"] if one["counted"] == counted)
    return found


def _rules(fleet: Body) -> Body:
    found: Body = fleet["cells"][0]["rules"]
    return found


def _sign(cell: Body, name: str, ours: int) -> int:
    """Tell whether a rule lost less (-1) or more (1) than ours for sure, or neither (0)."""
    more = cell["rules"][name]["more"][ours]
    return 0 if more is None else -1 if more[2] < 0 else 1 if more[0] > 0 else 0


def _where(cell: Body) -> list[str]:
    return [f"{cell['margin']:g}", str(cell["lead"]), _percent(cell["tranche"])]


def _marked(name: str) -> str:
    return f"*{name}*" if name in BOUNDS else name


def _interval(share: Sequence[float] | None) -> str:
    if share is None:
        return "nothing pays"
    low, value, high = share
    return f"{_percent(value)} [{_bare(low)}, {_bare(high)}]"


def _less(more: Sequence[float]) -> str:
    low, value, high = more
    return f"{_bare(-value)} [{_bare(-high)}, {_bare(-low)}]"


def _percent(share: float) -> str:
    return f"{_bare(share)} %"


def _bare(share: float) -> str:
    if share > FARTHEST:
        return "over 999"
    return f"{100 * share:.1f}" if abs(share) < 1 else f"{100 * share:.0f}"


def _share(share: float | None) -> str:
    return "never" if share is None else f"{100 * share:.0f} %"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Lines:
    return [_row(head), _row(["---"] * len(head)), *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
