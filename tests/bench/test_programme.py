"""The programme's benchmark at a tiny size: peers give equal figures, and what differs is refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench import flips, programme, programme_peers
from hardgate.models.cash_flow import npv
from hardgate.models.programme_paths import draw, simulate


def test_numpy_and_polars_give_the_net_present_values_of_hardgate() -> None:
    ours = programme_peers.streamed(256)
    assert programme_peers.plain(256) == pytest.approx(ours, rel=1e-11)
    assert programme_peers.framed(256) == pytest.approx(ours, rel=1e-11)
    drawn = draw(programme_peers.QUARTERS, 256, programme_peers.SEED)
    assert npv(simulate(programme_peers.programme(), drawn).cash, programme_peers.RATE) == pytest.approx(
        ours, rel=1e-11
    )


def test_flips_found_anew_are_those_of_one_set_of_draws() -> None:
    ours = {one.driver: one for one in flips.flips(64, flips.NAIVE)}
    for one in flips.flips_anew(64, flips.NAIVE):
        assert one.at == pytest.approx(ours[one.driver].at, abs=1e-9)
    assert len(flips.drivers(flips.case())) == 20


def test_knowing_by_regression_is_what_nested_sampling_says() -> None:
    known, nested = flips.knowing(1 << 12), flips.knowing_nested(16, 256)
    assert len(known) == 1 + 20
    for name, value in nested.items():
        assert value == pytest.approx(known[name], abs=0.02 * known["everything"])


def test_what_differs_is_refused() -> None:
    turns = flips.flips(64, ("price",))
    known = {"everything": 100.0, "price": 50.0}
    with pytest.raises(ValueError, match="price turns at"):
        flips.compare(turns, [replace(turns[0], at=0.2)], known, {})
    with pytest.raises(ValueError, match="knowing price is worth 50 and, nested, 52"):
        flips.compare(turns, turns, known, {"price": 52.0})


def test_a_result_is_kept_with_its_ratios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ways = (programme_peers.floor, programme_peers.streamed, programme_peers.plain, programme_peers.framed)
    tiny = {name: lambda way=way: way(64) for name, way in zip(programme.CONTESTANTS, ways, strict=True)}
    monkeypatch.setattr(programme, "CONTESTANTS", tiny)
    monkeypatch.setattr(flips, "contest", lambda _: {"paths": 64})
    assert programme.main(["--repeat", "1", "--results", str(tmp_path)]) == 0
    (path,) = tmp_path.glob("programme-*.json")
    body = json.loads(path.read_text("utf-8"))
    best = body["best_of_repeats"]
    assert set(best) == {"drawing the numbers", "hardgate", "NumPy", "polars"}
    assert body["polars_over_hardgate_cpu"] == pytest.approx(best["polars"]["cpu"] / best["hardgate"]["cpu"])
    monkeypatch.setattr(programme, "CONTESTANTS", {**tiny, "NumPy": lambda: np.ones(64)})
    assert programme.main(["--repeat", "1", "--results", str(tmp_path)]) == 1
