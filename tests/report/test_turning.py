"""What would turn an ask, on page one: the card of `hardgate flip` in one line, in text and in HTML."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Action, Ask, Judged, Mode, Outcome, Reading, Verdict
from hardgate.gates.flip import card
from hardgate.report import html, text
from hardgate.report.turning import head, line, of_card, together

WINDOW = Window(date(2026, 7, 13), date(2026, 9, 7))
ASK = Ask("hall-4", Action.BUILD, EVERYTHING, "zhou")


def reading(name: str, value: float | None, half: float = 0.0, unit: str = "share") -> Reading:
    low, high = (None, None) if value is None else (value - half, value + half)
    return Reading(name, EVERYTHING, WINDOW, unit, value, low, high, because="bring telemetry" if value is None else "")


def condition(seen: Reading, limit: float, outcome: Outcome) -> Judged:
    return Judged(seen, "at least", reading("limit", limit), outcome, None, None, 1, 1, 0.0, "")


SHORT = condition(reading("productive", 0.70, 0.02), 0.75, Outcome.FAIL)
CLEAR = condition(reading("activation", 0.95, 0.03), 0.90, Outcome.PASS)
OTHER = condition(reading("backlog", 1.00, 0.05, "x"), 1.10, Outcome.FAIL)
EXACT = condition(reading("price", 4.00, 0.0, "currency per unit"), 4.50, Outcome.FAIL)
LOST = condition(reading("queue", None), 0.01, Outcome.UNKNOWN)


def turned(*conditions: Judged) -> dict[str, Any]:
    """Return what the packet holds of an ask that one gate judged."""
    verdict = Verdict("capacity.x", ASK.id, EVERYTHING, Outcome.HOLD, Mode.BLOCK, "capacity", "", conditions)
    return of_card(card(ASK, [verdict], 0.9))


def said(*conditions: Judged) -> str:
    return line(turned(*conditions), "RMB")


def test_one_reading_is_said_with_its_way_in_its_own_unit_and_in_deviations() -> None:
    """Its low end goes from .68 to .75: .07, of deviations .02 / 1.6449 = .01216 that is 5.76."""
    assert said(SHORT, CLEAR) == "productive from 70.0 % to 77.0 % (+7.0 points, 5.8 standard deviations, chance 0.0 %)"


def test_what_is_cleared_turns_with_the_nearest_reading() -> None:
    """Its low end goes from .92 to .90: .02 over .03 / 1.6449 is 1.097, below which lie 13.6 %."""
    assert said(CLEAR) == "activation from 95.0 % to 93.0 % (-2.0 points, 1.1 standard deviations, chance 13.6 %)"
    assert together(turned(CLEAR)) == (
        "Smallest joint move: 1.1 standard deviations (activation 100 % of the way); "
        "chance that any reading turns it 13.6 %."
    )


def test_several_move_together_and_the_furthest_comes_first() -> None:
    """5.757 and .15 / (.05 / 1.6449) = 4.935 are 7.583 together: 58 and 42 % of its square."""
    assert said(OTHER, SHORT) == (
        "no reading alone; 2 together by 7.6 standard deviations, chance 0.0 %: "
        "productive from 70.0 % to 77.0 % (58 % of the way), backlog from 1.00x to 1.15x (42 % of the way)"
    )
    assert together(turned(OTHER, SHORT)) == ""


def test_an_exact_figure_has_no_chance() -> None:
    assert said(EXACT) == "price from RMB 4.00 per unit to RMB 4.50 per unit (+0.50 RMB per unit, an exact figure)"
    assert said(EXACT, SHORT) == (
        "no reading alone; 2 must move together: price from RMB 4.00 per unit to RMB 4.50 per unit (exact), "
        "productive from 70.0 % to 77.0 %"
    )


def test_where_nothing_is_known_the_line_says_so_and_what_to_bring() -> None:
    other = replace(LOST, reading=replace(LOST.reading, metric="ramp"))
    assert said(LOST) == "no value in range of queue: bring telemetry"
    assert said(LOST, SHORT, other) == "no value in range of queue: bring telemetry; and 1 more"


def test_a_reading_at_its_limit_says_so() -> None:
    assert said(condition(reading("granted", 1.0), 1.0, Outcome.PASS)) == "granted, which stands at its limit: 100.0 %"


def test_a_waiver_is_named_in_the_head() -> None:
    assert head({"waivers": []}) == "What would turn it"
    assert head({"waivers": [{}]}) == "What would turn it without its waivers"


@pytest.mark.parametrize("render", [text.render, html.render])
def test_text_and_page_say_the_same_line_once_an_ask(render: Any, packet: dict[str, Any]) -> None:
    whole = turned(SHORT)
    page = render({**packet, "asks": [{**packet["asks"][0], "turns": whole}]})
    assert page.count(line(whole, "RMB")) == 1
    assert page.count("What would turn it without its waivers") == 1
