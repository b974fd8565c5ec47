"""The packet as text: every verdict is said, nothing unknown is a zero, waivers are counted."""

from typing import Any

import pytest

from hardgate.report import words
from hardgate.report.text import ROLES, render


def test_a_gate_row_says_reading_interval_limit_and_flip(packet: dict[str, Any]) -> None:
    row = next(line for line in render(packet).splitlines() if "capacity.utilization" in line)
    assert "66.3 % [64.9, 67.6] productive of available GPU-hours, >= 75.0 %" in row
    assert row.endswith("flips at +10.1 points")
    assert row.split()[0] == "fail"


def test_a_reason_is_printed_under_its_row_whatever_the_verdict(packet: dict[str, Any]) -> None:
    passing = next(
        c for ask in packet["asks"] for v in ask["verdicts"] for c in v["conditions"] if c["outcome"] == "pass"
    )
    passing["because"] = "pool full; one GPU more is worth RMB 90.00 per GPU-month"
    lines = render(packet).splitlines()
    at = next(i for i, line in enumerate(lines) if line.strip() == passing["because"])
    assert words.condition(passing, packet["currency"]) in lines[at - 1]


def test_the_unknown_is_said_with_its_gap(packet: dict[str, Any]) -> None:
    text = render(packet)
    assert "unknown  capacity.activation" in text
    assert "missing: hall-2: no telemetry on 2026-08-03" in text


def test_a_waived_gate_still_says_fail(packet: dict[str, Any]) -> None:
    row = next(line for line in render(packet).splitlines() if "capacity.backlog " in line and "fail" in line)
    assert "(waived until 2026-11-30)" in row


def test_parts_that_need_another_area_are_printed(packet: dict[str, Any]) -> None:
    assert "6 the flip: not available: needs outlook" in render(packet)
    assert "not available: no demand: bring it" in render(packet)


def test_page_one_says_every_answer_in_a_sentence_before_who_signs(packet: dict[str, Any]) -> None:
    page_one = render(packet).partition("Who signs")[0]
    for exhibit in packet["exhibits"]:
        assert f"{exhibit['name']}  " in page_one
        assert (exhibit["sentence"] or f"not available: {exhibit['missing']}") in page_one


def test_the_waiver_form_names_each_thing_once(packet: dict[str, Any]) -> None:
    form = next(line for line in render(packet).splitlines() if "hardgate waive" in line)
    assert form.split() == [
        "hardgate", "waive", "capacity.utilization", "hall-4", "--as", "NAME", "--key", "FILE", "--owner", "NAME",
        "--reason", '"..."', "--control", '"..."', "--until", "DATE",
    ]  # fmt: skip


def test_the_last_lines_count_and_repeat(packet: dict[str, Any]) -> None:
    *_, counts, repeat = render(packet).splitlines()
    assert counts == (
        "1 asks: 0 released, 0 awaiting, 1 held, 0 refused | gates: 1 pass, 0 hold, 1 fail, 1 unknown, 1 waived"
    )
    assert repeat == "repeat: hardgate review --as-of 2026-09-07"


@pytest.mark.parametrize("role", ROLES)
def test_every_chair_sees_the_same_lines_in_another_order(packet: dict[str, Any], role: str) -> None:
    assert sorted(render(packet, role).splitlines()) == sorted(render(packet).splitlines())


def test_the_cfo_reads_decisions_before_exhibits_and_engineering_the_other_way(packet: dict[str, Any]) -> None:
    cfo, engineering = render(packet, "cfo"), render(packet, "engineering")
    assert cfo.index("HELD") < cfo.index("capacity.ladder:")
    assert engineering.index("capacity.ladder:") < engineering.index("HELD")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.6634, "share", "66.3 %"),
        (1.153, "x", "1.15x"),
        (None, "share", "unknown"),
        ("never", "share", "never"),
        (1234.5, "currency", "RMB 1,234.50"),
        (12.0, "GPUs", "12 GPUs"),
    ],
)
def test_numbers_are_said_in_their_unit(value: float | str | None, unit: str, said: str) -> None:
    assert words.number(value, unit, "RMB") == said


def test_bounds_alone_are_said_as_bounds() -> None:
    one = {"value": None, "low": 0.0, "high": 0.8, "unit": "share"}
    assert words.interval(one) == "[0.0, 80.0] %"


def test_a_reading_known_on_one_side_says_that_side() -> None:
    assert words.interval({"value": None, "low": 1.2, "high": None, "unit": "x"}) == "[1.20, ...] x"
    assert words.interval({"value": None, "low": None, "high": 0.5, "unit": "share"}) == "[..., 50.0] %"


def test_a_column_of_money_names_its_currency(packet: dict[str, Any]) -> None:
    assert "cost (RMB)" in render(packet)


def test_an_error_is_in_what_its_reading_is_in() -> None:
    assert (
        words.facts({"facts": {"npv": 8e6, "error": 1337.0}, "unit": "currency"}, "RMB")
        == "npv RMB 8.00 m, error RMB 1,337.00"
    )
    assert words.facts({"facts": {"error": 0.0014}, "unit": "share"}, "RMB") == "error 0.1 %"


@pytest.mark.parametrize(
    ("sums", "said"),
    [
        ({"revenue": 128_160.0, "cost": 218_905.81, "gpu_hours": 39_316.014},
         "revenue RMB 128,160.00, cost RMB 218,905.81, 39,316 GPU-hours"),
        ({"gpu_hours_per_unit": 30.094334, "units": 1_335.0}, "30.09 GPU-hours a unit, units 1,335"),
        ({"gpu_weighted_price": 252.0, "gpus": 180.0}, "gpu weighted price RMB 252.00, 180 GPUs"),
        ({"granted_gpus": 0.0, "wanted_gpus": 12.0}, "granted 0 GPUs, wanted 12 GPUs"),
        ({"price": 96.0}, "price RMB 96.00"),
        ({"customers": 6.0}, "customers 6"),
        ({"contribution": 283_190.3, "hours": 528.5, "contribution_share": 0.4904},
         "contribution RMB 283,190.30, 528.50 hours, contribution share 49.0 %"),
        ({"amount": 11_520_000.0, "demand": 97.4, "lead_months": 6.0, "value_of_waiting": 20_210_000.31},
         "amount RMB 11.52 m, demand 97.40 GPUs, lead 6 months, value of waiting RMB 20.21 m"),
        ({"contribution_margin": 6145.14, "demand_moves_up": -7562.76},
         "contribution margin RMB 6,145.14 per used GPU-month, demand moves up RMB -7,562.76"),
        ({"economic_trigger": "never", "ceiling_trigger": 0.8397}, "economic trigger never, ceiling trigger 84.0 %"),
        ({"median": -1.0, "weeks_needed": 98.0}, "median none, weeks needed 98 weeks"),
        ({"chengdu.cost_per_customer": 72.0}, "chengdu.cost per customer RMB 72.00"),
        ({"capex": 6_880_000_000.0}, "capex 6,880,000,000"),
    ],
)  # fmt: skip
def test_sums_stand_with_their_units(sums: dict[str, float], said: str) -> None:
    assert words.facts({"facts": sums}, "RMB") == said
