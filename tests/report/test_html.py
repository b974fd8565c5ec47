"""The packet as a page: escaped, alone, with every verdict in a word and a mark."""

import re
from typing import Any

import pytest

from hardgate.report import charts
from hardgate.report.html import render


def test_what_users_wrote_is_escaped(packet: dict[str, Any]) -> None:
    page = render(packet)
    assert "<b>launch</b>" not in page
    assert "&lt;b&gt;launch&lt;/b&gt;" in page


def test_the_page_asks_nobody_for_anything(packet: dict[str, Any]) -> None:
    page = render(packet)
    assert re.findall(r'src\s*=|href\s*=(?!"#)|https?://|url\(|<script|style="', page) == []
    assert "default-src 'none'" in page


def test_every_answer_leads_to_its_table_on_the_same_page(packet: dict[str, Any]) -> None:
    page = render(packet)
    led = re.findall(r'href="#([^"]+)"', page)
    assert led == ["capacity.ladder", "capacity.position"]
    assert [name for name in led if f'<h2 id="{name}">' not in page] == []


def test_every_verdict_has_its_word_and_its_mark(packet: dict[str, Any]) -> None:
    page = render(packet)
    for kind in ("pass", "fail", "unknown", "waived"):
        assert f'<svg class="mark {kind}"' in page
        assert f'<span class="word {kind}">' in page
    assert "fail (waived until 2026-11-30)" in page


def test_the_same_packet_gives_the_same_page(packet: dict[str, Any]) -> None:
    assert render(packet) == render(packet)


def test_a_bar_is_as_long_as_its_share_of_the_largest() -> None:
    exhibit = {
        "name": "x",
        "question": "How much?",
        "headings": [{"name": "a", "unit": "", "digits": 0}, {"name": "b", "unit": "", "digits": 0}],
        "rows": [["one", 50], ["two", 100], ["three", None]],
        "chart": {"kind": "bars", "x": "a", "y": ["b"], "limit": None, "by": None},
    }
    widths = [float(one) for one in re.findall(r'class="bar"[^>]* width="([\d.]+)"', charts.chart(exhibit))]
    assert widths == [202, 404]
    assert ">unknown<" in charts.chart(exhibit)


def test_a_bar_of_what_is_below_nothing_lies_on_the_other_side() -> None:
    """Of -50 to 100 a third of the room lies left of the axis, and the bar of -50 is half as long as that of 100."""
    chart = {"kind": "bars", "x": "a", "y": ["b"], "limit": None, "by": None}
    heads = [{"name": one, "unit": "", "digits": 0} for one in ("a", "b")]
    rows = [["loses", -50], ["earns", 100]]
    svg = charts.chart({"name": "x", "question": "?", "headings": heads, "rows": rows, "chart": chart})
    bars = re.findall(r'class="bar" x="([\d.]+)" y="\d+" width="([\d.]+)"', svg)
    axis = 72 + 404 / 3
    found = [float(one) for bar in bars for one in bar]
    assert found == pytest.approx([72, 404 / 3, axis, 404 * 2 / 3], abs=0.1)
    assert 'class="axis" x1="206.7"' in svg


def bars(*rows: list[Any], unit: str = "currency per GPU-hour", digits: int = 2) -> str:
    heads = [{"name": "pool", "unit": "", "digits": 1}, {"name": "earns", "unit": unit, "digits": digits}]
    chart = {"kind": "bars", "x": "pool", "y": ["earns"], "limit": None, "by": None}
    return charts.chart({"name": "x", "question": "?", "headings": heads, "rows": rows, "chart": chart})


def words_of(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)", svg)


def test_a_bar_says_its_number_as_the_table_prints_it() -> None:
    assert words_of(bars(["a", 8.5095], ["b", "77242.74"])) == ["a", "8.51", "b", "77,242.74"]
    assert words_of(bars(["a", 0.0356], ["b", -0.0096], unit="share")) == ["a", "3.56 %", "b", "-0.96 %"]


def test_a_row_without_a_number_is_not_drawn_and_one_that_is_not_known_says_so() -> None:
    """The first row is that of a total, whose cell is empty; the last is a limit that is never reached."""
    assert words_of(bars(["margin", ""], ["a", 1], ["b", None], ["c", "never"])) == [
        "a", "1.00", "b", "unknown", "c", "never",
    ]  # fmt: skip


def test_names_that_come_again_stand_under_what_they_belong_to() -> None:
    heads = [{"name": one, "unit": "", "digits": 0} for one in ("tranche", "option", "worth")]
    rows = [["hall-3", "go now", 4], ["hall-3", "lease", 2], ["hall-4", "go now", 1], ["hall-4", "lease", 3]]
    chart = {"kind": "bars", "x": "option", "y": ["worth"], "limit": None, "by": None}
    svg = charts.chart({"name": "x", "question": "?", "headings": heads, "rows": rows, "chart": chart})
    assert words_of(svg) == ["hall-3", "go now", "4", "lease", "2", "hall-4", "go now", "1", "lease", "3"]
    assert re.findall(r'class="bar"[^>]* y="(\d+)"', svg) == ["28", "52", "100", "124"]


def test_of_a_tranche_with_variants_the_first_is_drawn_and_its_number_is_clear_of_its_limit() -> None:
    """The limit, 77.5 %, lies in the number of a bar of 70.0 %: the number then stands behind the limit."""
    heads = [{"name": one, "unit": "share", "digits": 1} for one in ("tranche", "demand", "trigger")]
    rows = [["hall-3", 0.7, 0.775], ["", 0.7, 0.5], ["hall-4", 0.4, 0.8]]
    chart = {"kind": "bars", "x": "tranche", "y": ["demand"], "limit": "trigger", "by": None}
    svg = charts.chart({"name": "x", "question": "?", "headings": heads, "rows": rows, "chart": chart})
    assert words_of(svg) == ["hall-3", "70.0 %", "hall-4", "40.0 %"]
    places = [float(one) for one in re.findall(r'<text x="([\d.]+)"[^>]*text-anchor="start"', svg)]
    assert places == pytest.approx([72 + 404 * 0.775 / 0.8 + 6, 72 + 404 / 2 + 6], abs=0.1)


def test_a_long_name_has_the_room_that_it_needs_and_a_longer_one_is_cut_and_said_in_full() -> None:
    name = "move to ap-southeast / L20 / ap-southeast-l20"
    svg = bars([name, 1.0])
    (end,) = re.findall(r'<text x="([\d.]+)"[^>]*text-anchor="end"', svg)
    assert float(end) >= 7 * len(name)
    assert words_of(svg)[0] == name
    longer = bars(["x" * 60, 1.0])
    assert words_of(longer)[0] == "x" * 45 + "..."
    assert f"<title>{'x' * 60}</title>" in longer


def test_a_name_of_a_wide_script_has_more_room() -> None:
    lefts = [float(re.findall(r'class="bar" x="([\d.]+)"', bars([name * 12, 1.0]))[0]) for name in ("a", "\u57ce")]
    assert lefts == [pytest.approx(12 + 12 * charts.LETTER, abs=0.1), 12 + 12 * charts.WIDE]


def test_rows_of_several_things_are_a_line_each() -> None:
    """Two cities over two weeks: each line has two points, at the two ends of the same axis."""
    heads = [{"name": one, "unit": "", "digits": 0} for one in ("city", "week", "left")]
    rows = [["north", "w1", 1], ["north", "w2", 2], ["south", "w1", 4], ["south", "w2", 3]]
    chart = {"kind": "lines", "x": "week", "y": ["left"], "limit": None, "by": "city"}
    svg = charts.chart({"name": "x", "question": "?", "headings": heads, "rows": rows, "chart": chart})
    paths = re.findall(r'<path class="line line-(\d)" d="M([\d.]+) [\d.]+L([\d.]+) [\d.]+"/>', svg)
    assert paths == [("0", "72.0", "552.0"), ("1", "72.0", "552.0")]
    assert ">north<" in svg
    assert ">south<" in svg


def test_a_gauge_is_drawn_only_where_all_its_numbers_are_known(packet: dict[str, Any]) -> None:
    utilization, activation, *_ = packet["asks"][0]["verdicts"]
    gauge = charts.gauge(utilization["conditions"][0])
    assert 'cx="132.6"' in gauge  # .663 of 200
    assert 'x1="150.0"' in gauge  # the limit, .75 of 200
    assert charts.gauge(activation["conditions"][0]) == ""


def test_a_gauge_reaches_below_nothing_where_a_reading_does() -> None:
    """From -0.575 to 1.0: -0.5 lies at 0.075, nothing at 0.575 and 0.5 at 1.075 of 1.575 parts."""
    reading = {"unit": "share", "value": 0.0, "low": -0.5, "high": 0.5}
    svg = charts.gauge({"sense": "at least", "reading": reading, "limit": {"low": 0.0, "high": 0.0}})
    assert f'x="{200 * 0.075 / 1.575:.1f}" y="7" width="{200 / 1.575:.1f}"' in svg
    assert f'class="edge" x1="{200 * 0.575 / 1.575:.1f}"' in svg


def test_lines_that_end_together_keep_their_names_apart_and_large_numbers_are_short() -> None:
    heads = [{"name": name, "unit": "currency", "digits": 0} for name in ("day", "low", "middle", "high")]
    rows = [["2026-09-01", -28_528_925, -25_414_821, -22_509_465], ["2026-12-01", 5_151_966, 6_398_313, 8_273_917]]
    chart = {"kind": "lines", "x": "day", "y": ["low", "middle", "high"], "limit": None, "by": None}
    svg = charts.chart({"name": "x", "question": "?", "headings": heads, "rows": rows, "chart": chart})
    assert re.findall(r">(-?[\d.]+ m)<", svg) == ["-28.53 m", "8.27 m"]
    found = {name: float(y) for y, name in re.findall(r'y="([\d.]+)" text-anchor="start">([a-z]+)<', svg)}
    assert list(found) == ["high", "middle", "low"]
    assert found["middle"] - found["high"] >= charts.LINE
    assert found["low"] - found["middle"] >= charts.LINE
