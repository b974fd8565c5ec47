"""docs/evidence.md against the results of the study: its tables, what it hides, and what it says in words."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.regret import page
from bench.regret.page import BOUNDS
from bench.regret.rules import ALWAYS, FAR_TOLD, GATE, NEVER, THUMB, TOLD, TRIGGER, WHOLE_BLOCK
from bench.regret.study import HINDSIGHT, LIVES, ONE_DATE, TUNED

RESULTS = Path(__file__).parents[2] / "bench" / "results"
AGAIN = "run `python -m bench.regret page`, and read the page's words again"


@pytest.fixture(name="text", scope="module")
def _text() -> str:
    return page.PAGE.read_text(encoding="utf-8")


def fleets(counted: str, file: str = "regret.json") -> dict[str, list[dict[str, Any]]]:
    body = json.loads((RESULTS / file).read_text(encoding="utf-8"))
    return {one["name"]: [cell for cell in one["cells"] if cell["counted"] == counted] for one in body["fleets"]}


def better(cells: list[dict[str, Any]], rule: str, ours: int = 0) -> int:
    """In how many cells a rule lost less than the trigger (0) or the gate (1), with the whole interval."""
    found = [cell["rules"][rule]["more"][ours] for cell in cells]
    return sum(one is not None and one[2] < 0 for one in found)


def worse(cells: list[dict[str, Any]], rule: str, ours: int = 0) -> int:
    found = [cell["rules"][rule]["more"][ours] for cell in cells]
    return sum(one is not None and one[0] > 0 for one in found)


def regret(cells: list[dict[str, Any]], rule: str) -> float:
    lost, bound = (
        [float(one) for one in many]
        for many in zip(*((c["rules"][rule]["regret"], c["bound"]) for c in cells), strict=True)
    )
    return sum(lost) / sum(bound)


def test_the_tables_are_those_of_the_results(text: str) -> None:
    assert page.filled(text, page.tables(RESULTS)) == text, AGAIN


def test_the_chart_is_that_of_the_results() -> None:
    assert page.drawing(RESULTS) == page.PAGE.with_suffix(".svg").read_text(encoding="utf-8"), AGAIN


def test_no_table_is_left_out(text: str) -> None:
    asked = [
        line.removeprefix("<!-- table ").removesuffix(" -->") for line in text.splitlines() if "<!-- table" in line
    ]
    assert sorted(asked) == sorted(page.tables(RESULTS))


def test_every_cell_that_the_trigger_loses_is_printed() -> None:
    made = page.tables(RESULTS)
    for table, found in (
        ("lost by the trigger", fleets(LIVES)),
        ("lost by the trigger on real demand", fleets(ONE_DATE, "regret-real.json")),
    ):
        expected = {
            (name, f"{cell['margin']:g}", str(cell["lead"]), rule)
            for name, cells in found.items()
            for cell in cells
            for rule, row in cell["rules"].items()
            if rule not in BOUNDS and row["more"][0] is not None and row["more"][0][2] < 0
        }
        printed = [[part.strip() for part in line.strip("|").split("|")] for line in made[table][2:]]
        said = {(row[0], row[1], row[2], rule[: rule.rindex(" [")].rsplit(" ", 1)[0])
                for row in printed for rule in row[6].split("; ")}  # fmt: skip
        assert said == expected
        assert len(expected) > 5


def test_what_the_page_says_in_words_is_in_the_figures() -> None:
    """Each line is one sentence of the page: where it fails, the page is to be written anew."""
    lives, dated, real = fleets(LIVES), fleets(ONE_DATE), fleets(ONE_DATE, "regret-real.json")
    for name in ("growing", "in steps"):
        for rule in (THUMB, "newsvendor", ALWAYS, NEVER):
            assert worse(lives[name], rule) > 12, AGAIN
            assert better(lives[name], rule) <= 1, AGAIN
        assert regret(lives[name], HINDSIGHT) < regret(lives[name], TUNED) < regret(lives[name], TRIGGER), AGAIN
    low = [cell for cell in lives["returning to a level"] if cell["margin"] < 5]
    assert better(low, NEVER) > len(low) / 2, AGAIN
    assert better(lives["growth that stops"], WHOLE_BLOCK) > 9, AGAIN
    for cells in lives.values():
        assert worse(cells, GATE) > better(cells, GATE), AGAIN
    yearly = [cell for cell in lives["growing"] if cell["lead"] == 12]
    assert all(cell["rules"][TOLD]["regret"] < cell["rules"][TRIGGER]["regret"] for cell in yearly), AGAIN
    grown = real["cloud revenue, 6 firms by quarter"]
    rules = set(grown[0]["rules"]) - BOUNDS - {TRIGGER}
    assert regret(grown, TRIGGER) < min(regret(grown, rule) for rule in rules), AGAIN
    assert all(cell["rules"][TRIGGER]["went"] == 0 for cell in real["Helios, 8 clusters by day"]), AGAIN
    assert len(dated["growing"]) == len(lives["growing"]) == 18


def test_the_known_process_is_told_as_the_page_tells_it() -> None:
    known = json.loads((RESULTS / "regret.json").read_text(encoding="utf-8"))["known"]["cells"]
    shares = {cell["counted"]: {name: row["share"][1] for name, row in cell["rules"].items()} for cell in known}
    assert shares[LIVES][FAR_TOLD] - shares[LIVES][HINDSIGHT] < 0.005, AGAIN
    assert shares[ONE_DATE][TOLD] - shares[ONE_DATE][HINDSIGHT] < 0.005 < shares[ONE_DATE][FAR_TOLD] - 0.2, AGAIN
    assert 1.8 < shares[LIVES]["newsvendor, told the truth"] / shares[LIVES][FAR_TOLD] < 2.2, AGAIN
    assert shares[LIVES][THUMB] > shares[LIVES]["newsvendor, told the truth"], AGAIN
