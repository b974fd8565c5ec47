"""The packet as one HTML page that stands alone: no script, no request, readable on paper, on a phone and in the dark.

The style sheet is inlined and allowed by its hash; nothing else may load. Words and marks carry every verdict.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from hardgate.core.money import short
from hardgate.report import charts, turning, words
from hardgate.report.text import ROLES, in_order, summary_line

SHORT, LONG = 24, 60
"""Characters up to which a column's cells stay on one line (names and days), and from which they have a wide column."""
_TEMPLATES = files("hardgate.report") / "templates"


def render(packet: Mapping[str, Any], role: str = "all") -> str:
    """Return the packet as a whole HTML document for one role."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    style = (_TEMPLATES / "packet.css").read_text("utf-8")
    environment = Environment(
        loader=FunctionLoader(lambda name: (_TEMPLATES / name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    exhibits = [_exhibit(one, packet["currency"]) for one in in_order(packet, role)]
    return environment.get_template("packet.html.j2").render(
        packet={**packet, "asks": [_ask(one, packet["currency"]) for one in packet["asks"]]},
        exhibits=exhibits,
        sections=[name for name in ROLES[role] if name != "signatures"],
        summary=summary_line(packet),
        debt=short(Decimal(packet["waiver_debt"]), packet["currency"]),
        money=lambda amount, currency: short(Decimal(amount), currency),
        mark=lambda kind: Markup(charts.mark(kind)),  # noqa: S704  our own SVG
        style=Markup(style),  # noqa: S704  our own style sheet
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def _ask(ask: Mapping[str, Any], currency: str) -> dict[str, Any]:
    need = ", ".join(f"{one['count']} x {one['role']}" for one in ask["needed"])
    money = short(Decimal(ask["amount"]), ask["currency"]) if ask["amount"] is not None else "no amount"
    waivers = {one["gate"]: one for one in ask["waivers"]}
    verdicts = [_verdict(one, waivers.get(one["gate"]), currency) for one in ask["verdicts"]]
    turn = {
        "head": turning.head(ask),
        "line": turning.line(ask["turns"], currency),
        "together": turning.together(ask["turns"]),
    }
    return {**ask, "need": need or "none", "money": money, "verdicts": verdicts, "turn": turn}


def _verdict(verdict: Mapping[str, Any], waiver: Mapping[str, Any] | None, currency: str) -> dict[str, Any]:
    word = verdict["outcome"]
    said = f"{word} (waived until {waiver['expires']})" if waiver else word
    lines = [
        {
            "said": words.condition(judged, currency),
            "flips": words.flips(judged, currency),
            "why": judged["because"],
            "facts": words.facts(judged["reading"], currency),
            "gaps": judged["reading"]["gaps"],
            "gauge": Markup(charts.gauge(judged)),  # noqa: S704  our own SVG of numbers
        }
        for judged in verdict["conditions"]
    ]
    heard = [words.fired(one) for one in verdict.get("heard", ())]
    return {**verdict, "word": said, "kind": "waived" if waiver else word, "lines": lines, "heard": heard}


def _exhibit(exhibit: Mapping[str, Any], currency: str) -> dict[str, Any]:
    cells = [
        [words.cell(value, one["unit"], one["digits"]) for value, one in zip(row, exhibit["headings"], strict=True)]
        for row in exhibit["rows"]
    ]
    headings = [
        {
            **one,
            "said": words.heading(one, currency),
            "kind": _kind([row[i] for row in cells], words.is_numeric(exhibit["rows"], i, one["unit"])),
        }
        for i, one in enumerate(exhibit["headings"])
    ]
    svg = Markup(charts.chart(exhibit))  # noqa: S704  our own SVG, escaped where it is made
    return {**exhibit, "headings": headings, "cells": cells, "svg": svg}


def _kind(cells: Sequence[str], right: bool) -> str:  # noqa: FBT001  what the column holds
    """Return the class of a column: numbers, or text by its longest cell."""
    if right:
        return "number"
    longest = max(map(len, cells), default=0)
    return "short" if longest <= SHORT else "long" if longest > LONG else "text"
