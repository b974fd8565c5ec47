"""The study of regret: a pool worked by hand, the bound by another way, and nobody who may know the future does."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.regret import __main__ as command
from bench.regret import chart
from bench.regret.fleets import GPUS, KINDS, Fleet, drawn, one_process
from bench.regret.results import studied, studied_known
from bench.regret.rules import ALWAYS, GATE, NEVER, OWN, THUMB, TOLD, TRIGGER, Seen, Terms, at_least, gate
from bench.regret.study import (
    HELD,
    HINDSIGHT,
    LIVES,
    ONE_DATE,
    TUNED,
    Cell,
    by_rule,
    choosers,
    discount,
    fixed,
    in_hindsight,
    losses,
    peeking,
    tuned_on_the_past,
    worth,
)
from hardgate.models import trigger
from hardgate.models.demand import growth_and_volatility
from hardgate.models.tranche import Tranche, hindsight_bound

COMMITTED = Path(__file__).parents[2] / "bench" / "results" / "regret.json"


def standing(asked: float, periods: int = 30) -> Fleet:
    """One pool of 100 GPUs whose demand stands still, reviewed in months 12 to 14; money is hardly discounted."""
    return Fleet("standing", np.full((1, periods), asked), np.array([100.0]), (12, 13, 14), 10, periods_a_year=1e9)


def test_a_pool_that_stands_at_110_of_100_gpus() -> None:
    """Two tranches of 10 GPUs, live a month later for two months, margin 2.5: the first earns 2 x 15,000, the second
    costs 2 x 10,000. Of fixed thresholds, 110 % takes the first and leaves the second; so does the trigger."""
    body = studied(standing(110), [Cell(2.5, 1, 0.1, life=2, count=2)], (LIVES,))
    (found,) = body["cells"]
    assert (found["bound"], found["shares"][HINDSIGHT]) == (30_000, 1.1)
    said = {name: (one["went"], one["wrong_go"], one["wrong_hold"]) for name, one in found["rules"].items()}
    assert said[ALWAYS] == said[THUMB] == (2, 20_000, 0)
    assert said[NEVER] == (0, 0, 30_000)
    assert said[TRIGGER] == said[HINDSIGHT] == (1, 0, 0)
    assert found["rules"][THUMB]["share"] == [0.6667] * 3
    assert found["rules"][NEVER]["more"][0] == [1.0] * 3
    assert body["together"] == [{"counted": LIVES, "bound": 30_000, "rules": found["rules"]}]


def test_cells_are_added_up_pool_by_pool() -> None:
    """Two cells of four pools: what is lost and the bound are those of both, and a pool is drawn with all its cells."""
    body = studied(drawn("in steps", 4, 3), [Cell(5.0, 3, 0.5), Cell(2.5, 3, 0.5)], (LIVES,))
    (both,) = body["together"]
    for name, row in both["rules"].items():
        each = [cell["rules"][name] for cell in body["cells"]]
        for what in ("went", "regret", "wrong_go", "wrong_hold"):
            assert row[what] == pytest.approx(sum(one[what] for one in each), abs=2)
        assert row["share"][1] == pytest.approx(row["regret"] / both["bound"], abs=1e-4)
    assert both["rules"][NEVER]["share"] == [1.0] * 3


def test_the_bound_is_that_of_all_dates_known_before() -> None:
    """Where every month is a review: the sum of the best of each tranche, by the models' own bound."""
    fleet = drawn("in steps", 4, 3)
    fleet = replace(fleet, reviews=tuple(range(36, fleet.demand.shape[1])))
    cell = Cell(2.5, 6, 0.25)
    found = losses(worth(fleet, cell, LIVES), fixed(fleet, cell, 0.8))
    for path, one in zip(fleet.demand, found, strict=True):
        first = Tranche(GPUS, 0.25 * GPUS, 6, 48, discount(fleet), 2.5 * OWN, OWN)
        assert one.best == pytest.approx(hindsight_bound(path[36:], first, 4))


def test_a_fixed_share_chooses_for_all_pools_at_once_as_for_one_at_a_time() -> None:
    fleet, cell = drawn("growing", 12, 1), Cell(2.5, 6, 0.125)
    for share in (0.7, 0.95, 1.2):
        assert np.array_equal(fixed(fleet, cell, share), by_rule(at_least(share))(fleet, cell))


def test_the_trigger_is_the_models_own_on_what_was_known() -> None:
    """The first date on which demand reaches `trigger.economic` at the growth and volatility of the months before it."""
    fleet, cell = drawn("growing", 6, 2), Cell(2.5, 6, 0.25)
    chosen = choosers()[TRIGGER](fleet, cell)
    for path, first in zip(fleet.demand, chosen[:, 0], strict=True):
        expected = HELD
        for at, month in enumerate(fleet.reviews):
            known = growth_and_volatility(path[month - 36 : month])
            assert known is not None
            last = float(path[month - 1])
            found = trigger.economic(
                last, GPUS, 250, 6, known.growth, known.volatility, 0.12, 2500, 1000, horizon_months=54, life_months=48
            )
            if last / GPUS >= found.ratio:
                expected = at
                break
        assert first == expected


def test_what_is_unknown_leaves_the_ceiling_alone_to_the_gate() -> None:
    """Eleven months say nothing of growth: 1,024 busy GPUs may fill 94.7 % of a pool."""
    terms = Terms(margin=2.5, lead=6, life=48, discount=0.12)
    months = np.full(11, 1024.0)
    assert gate(Seen(months, 1024 / 0.9473 * 0.999, 100, terms))
    assert not gate(Seen(months, 1024 / 0.9473 * 1.001, 100, terms))


def test_nobody_knows_what_came_after_a_review() -> None:
    """Whatever comes later, each choice until then stays; those who tune in hindsight, or look, are caught."""
    fleet, cell = drawn("growing", 5, 4), Cell(2.5, 3, 0.5)
    assert peeking(choosers(told=True), fleet, cell) == ()

    def looks(seen: Seen) -> bool:
        """Read the whole path behind the months that it was given."""
        path = seen.demand.base
        assert path is not None
        return bool(path.reshape(-1, 132)[:, -1].mean() > 1.2 * seen.position)

    guilty = {"looks": by_rule(looks), "in hindsight": in_hindsight(LIVES), "always": choosers()[ALWAYS]}
    assert peeking(guilty, fleet, cell) == ("in hindsight", "looks")


def test_what_is_tuned_on_the_past_is_so_whatever_came() -> None:
    fleet, cell = drawn("growth that stops", 20, 1), Cell(2.5, 6, 0.125)
    other = replace(fleet, demand=np.where(np.arange(132) < 36, fleet.demand, 1.0))
    assert tuned_on_the_past(fleet, cell) == tuned_on_the_past(other, cell) < 1.0


def test_of_fixed_shares_none_beats_the_one_tuned_in_hindsight() -> None:
    (found,) = studied(drawn("in steps", 15, 1), [Cell(2.5, 3, 0.5)], (ONE_DATE,))["cells"]
    assert found["rules"][HINDSIGHT]["regret"] == min(
        found["rules"][name]["regret"] for name in (HINDSIGHT, TUNED, THUMB, NEVER)
    )


def test_one_seed_gives_equal_bytes_and_another_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "GRID", (Cell(5.0, 3, 0.5),))
    monkeypatch.setattr(command, "KINDS", {"in steps": KINDS["in steps"]})
    told = ["--pools", "3", "--known-pools", "3", "--results"]
    for folder in ("one", "two"):
        assert command.main([*told, str(tmp_path / folder)]) == 0
    monkeypatch.setattr(command, "SEED", 15)
    command.main([*told, str(tmp_path / "other")])
    one, two, other = ((tmp_path / name / "regret.json").read_bytes() for name in ("one", "two", "other"))
    assert one == two != other


def test_one_cell_of_the_committed_study_comes_out_again() -> None:
    body = json.loads(COMMITTED.read_text(encoding="utf-8"))
    fleet = next(one for one in body["fleets"] if one["name"] == "in steps")
    cell = Cell(5.0, 3, 0.5)
    for one in studied(drawn("in steps", fleet["pools"], body["seed"]), [cell])["cells"]:
        same = {name: one[name] for name in ("margin", "lead", "tranche", "counted")}
        (kept,) = (other for other in fleet["cells"] if {name: other[name] for name in same} == same)
        assert one["bound"] == pytest.approx(kept["bound"], rel=1e-6)
        for name, row in one["rules"].items():
            assert row["share"] == pytest.approx(kept["rules"][name]["share"], abs=2e-3), name


def test_told_its_process_the_trigger_is_nearly_as_good_as_the_best_fixed_share() -> None:
    """The case of METHODS 3, on fewer pools: trigger, best share, newsvendor and 80 % in the order that it gives."""
    lives, _ = studied_known(one_process(60, 14), command.CASE)["cells"]
    shares = {name: one["share"][1] for name, one in lives["rules"].items()}
    told, block = shares["trigger, told, longer horizon"], shares["newsvendor, told the truth"]
    assert shares[HINDSIGHT] <= told < shares[TOLD] < block < shares[THUMB] < shares[NEVER] == 1.0
    assert told - shares[HINDSIGHT] < 0.02


@pytest.mark.slow
def test_the_whole_committed_study_comes_out_again() -> None:
    kept = json.loads(COMMITTED.read_text(encoding="utf-8"))
    body = command.body(command.POOLS, command.KNOWN_POOLS)
    assert {name: body[name] for name in body if name not in {"fleets", "known"}} == {
        name: kept[name] for name in kept if name not in {"fleets", "known"}
    }
    for now, then in zip([*body["fleets"], body["known"]], [*kept["fleets"], kept["known"]], strict=True):
        for cell, other in zip(now["cells"], then["cells"], strict=True):
            for name, row in cell["rules"].items():
                assert row["regret"] == pytest.approx(other["rules"][name]["regret"], rel=2e-3, abs=10), (cell, name)


def test_the_gate_goes_wherever_the_ceiling_is_reached() -> None:
    """So that it loses more than the trigger where what it builds is not used, and never waits longer than the ceiling."""
    fleet, cell = drawn("returning to a level", 10, 14), Cell(1.5, 3, 0.5)
    found = {name: choosers()[name](fleet, cell) for name in (TRIGGER, GATE)}
    assert (found[GATE] != HELD).sum() > (found[TRIGGER] != HELD).sum()


def test_what_lies_beyond_the_chart_is_drawn_at_its_end_with_its_figure() -> None:
    drawn = chart.panels([("a kind", [("within", (0.5, 1.0, 1.5)), ("beyond", (2.5, 3.48, 4.0))])])
    middle, end = chart.LEFT + chart.WIDTH / 2, chart.LEFT + chart.WIDTH
    assert f'<circle class="mark" cx="{middle:.1f}"' in drawn
    assert f'<text x="{end + 12}" y="67">348 %</text>' in drawn
    assert drawn.count("<circle") == 1
