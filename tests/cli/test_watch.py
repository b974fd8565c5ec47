"""The public case, from init to the signals."""

import json
from pathlib import Path

import pytest

from tests.command import Done, here


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("case")
    assert here("-C", folder, "init", "--template", "public-alibaba").code == 0
    assert here("-C", folder, "ingest").code == 0
    return folder


def ran(case: Path, *args: object) -> Done:
    done = here("-C", case, *args)
    assert done.code == 0, done.err
    return done


FIRED = {
    ("watch.ai_share", "Alibaba"), ("watch.capex_cut", "Tencent"), ("watch.cash_inflection", "Alphabet"),
    ("watch.cash_inflection", "Amazon"), ("watch.cash_inflection", "Meta"), ("watch.cash_inflection", "Microsoft"),
    ("watch.cloud_growth", "Alibaba"), ("watch.growth_streak", "Alibaba"), ("watch.promises", "Alibaba"),
    ("watch.segment_margin", "Alibaba"),
}  # fmt: skip


def test_the_signals_of_the_public_case(case: Path) -> None:
    told = json.loads(ran(case, "watch", "--json", "--dry-run").out)
    assert told["schema"] == "hardgate.watch/1"
    assert {(one["gate"], one["scope"]) for one in told["changes"] if one["now"] == "fired"} == FIRED
    tencent = next(one for one in told["changes"] if (one["gate"], one["scope"]) == ("watch.capex_cut", "Tencent"))
    assert tencent["because"] == "capex_growth -24.0 %, at most -10.0 %"
    assert tencent["cited"] == ["capex_growth to 2025-09-30; Tencent release, quarter to 2025-09-30, known 2025-11-13"]


def test_nothing_is_told_twice_and_a_dry_run_records_nothing(case: Path, tmp_path: Path) -> None:
    first, second = (ran(case, "watch").lines() for _ in range(2))
    assert first[-1].endswith("| 22 changed")
    assert "nothing changed" in second
    assert second[-1].endswith("| 0 changed")
    assert ran(case, "ledger", "show").out.count("watch.recorded") == 1


def test_what_was_known_before_the_last_release_is_what_a_look_back_sees(case: Path) -> None:
    then = json.loads(ran(case, "watch", "--json", "--as-of", "2025-10-01").out)
    growth = next(one for one in then["signals"] if (one["gate"], one["scope"]) == ("watch.cloud_growth", "Alibaba"))
    assert growth["because"].startswith("cloud_growth 26.0 %, at least 34.0 %")


@pytest.mark.parametrize("name", ["facts", "margins", "peers", "promises", "ties", "valuation"])
def test_every_exhibit_of_the_public_case_has_an_answer(case: Path, name: str) -> None:
    body = json.loads(ran(case, "show", f"watch.{name}", "--json").out)
    assert body["rows"]
    assert body["closes"] is not False


def test_the_goldens_of_the_public_case(case: Path) -> None:
    body = json.loads(ran(case, "show", "watch.margins", "--json").out)
    found = {(row[0], row[1], row[2]): row[4] for row in body["rows"]}
    assert round(found["Baidu", "operating_income", "core_revenue"], 3) == -0.612
    assert round(found["Baidu", "operating_income", "revenue"], 3) == -0.484
    assert found["Tencent", "operating_profit", "revenue"] == 0.33
    assert found["Tencent", "non_ifrs_operating_profit", "revenue"] == 0.376
    assert round(found["Alibaba", "cloud_adjusted_ebita", "cloud_revenue"], 3) == 0.089
    valued = json.loads(ran(case, "show", "watch.valuation", "--json").out)["rows"]
    assert ["Alibaba", "forward price to sales", "2.35x", "industry 2.11x", "2025-12-01, as published"] in valued


def test_notify_without_an_address_and_without_a_secret_is_a_wrong_setting(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = here("-C", case, "watch", "--notify")
    assert (done.code, "[notify] webhook" in done.err) == (2, True)


def test_an_unknown_template_is_named_with_the_nearest(tmp_path: Path) -> None:
    done = here("-C", tmp_path, "init", "--template", "public-alibab")
    assert (done.code, "public-alibaba" in done.err) == (2, True)
