"""Regret by rule as SVG: a point and its interval a row, a panel a kind of pools, on one scale.

What lies beyond the scale is drawn at its end with an arrow and its figure, so that nothing looks smaller than it is.
"""

from collections.abc import Sequence
from html import escape

Panel = tuple[str, Sequence[tuple[str, Sequence[float]]]]

TOP = 2.0
"""Where the scale ends: twice the bound."""
LEFT, WIDTH, ROW, HEAD, FOOT, RIGHT = 210, 440, 22, 30, 26, 90
_STYLE = (
    "text{font:13px sans-serif;fill:#222}.name{font-weight:600}.mark{fill:#1f5fa8}.line{stroke:#1f5fa8;stroke-width:2}"
    ".axis{stroke:#bbb;stroke-width:1}.whole{stroke:#888;stroke-width:1;stroke-dasharray:3 3}.ground{fill:#fff}"
)


def panels(many: Sequence[Panel]) -> str:
    """Return the chart; each share is (low, value, high)."""
    body, y = list[str](), 0.0
    for name, rows in many:
        body += _panel(name, rows, y)
        y += HEAD + ROW * len(rows) + FOOT
    width = LEFT + WIDTH + RIGHT
    title = "Regret in % of what could have been earned, with 90 % intervals"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y:.0f}" role="img" aria-label="{title}">',
        f"<style>{_STYLE}</style>", f'<rect class="ground" width="{width}" height="{y:.0f}"/>', *body, "</svg>", "",
    ])  # fmt: skip


def _panel(name: str, rows: Sequence[tuple[str, Sequence[float]]], top: float) -> list[str]:
    bottom = top + HEAD + ROW * len(rows)
    found = [f'<text class="name" x="8" y="{top + 20:.0f}">{escape(name)}</text>']
    for share in (0.0, 0.5, 1.0, 1.5, TOP):
        kind = "whole" if share == 1 else "axis"
        found.append(
            f'<line class="{kind}" x1="{_x(share)}" y1="{top + HEAD:.0f}" x2="{_x(share)}" y2="{bottom:.0f}"/>'
        )
        found.append(f'<text x="{_x(share)}" y="{bottom + 16:.0f}" text-anchor="middle">{100 * share:.0f} %</text>')
    for at, (rule, interval) in enumerate(rows):
        found += _row(rule, interval, top + HEAD + ROW * at + ROW / 2)
    return found


def _row(rule: str, share: Sequence[float], y: float) -> list[str]:
    low, value, high = share
    found = [
        f'<text x="{LEFT - 10}" y="{y + 4:.0f}" text-anchor="end">{escape(rule)}</text>',
        f'<line class="line" x1="{_x(low)}" y1="{y:.0f}" x2="{_x(high)}" y2="{y:.0f}"/>',
    ]
    if value <= TOP:
        return [*found, f'<circle class="mark" cx="{_x(value)}" cy="{y:.0f}" r="4"/>']
    end = LEFT + WIDTH
    arrow = f'<path class="mark" d="M{end} {y - 5:.0f}l8 5-8 5z"/>'
    return [*found, arrow, f'<text x="{end + 12}" y="{y + 4:.0f}">{100 * value:.0f} %</text>']


def _x(share: float) -> str:
    return f"{LEFT + WIDTH * min(share, TOP) / TOP:.1f}"
