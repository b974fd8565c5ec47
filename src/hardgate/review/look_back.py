"""What the last packet said of each ask, beside what its readings came to since.

Wrong when an ask is renamed: the look-back follows its id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hardgate.core.terms import Verdict


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of the look-back: what a past packet forecast or released, and what came."""

    ask: str
    as_of: date
    said: str
    came: str


def look_back(
    past: Sequence[Mapping[str, Any]], verdicts: Mapping[str, Sequence[Verdict]], as_of: date
) -> tuple[Promise, ...]:
    """Return what the newest earlier packet said of each ask, beside what its readings came to since.

    `past` are the bodies of recorded packets, oldest first.
    """
    promises = []
    earlier = [body for body in past if date.fromisoformat(body["as_of"]) < as_of]
    newest = {ask["id"]: (body["as_of"], ask) for body in earlier for ask in body["asks"]}
    for name, (when, ask) in sorted(newest.items()):
        now = {one.metric: one for verdict in verdicts.get(name, ()) for one in verdict.readings}
        came = [
            f"{one['metric']} {_said(one['value'])} then, {_said(now[one['metric']].value)} now"
            for one in ask["readings"]
            if one["metric"] in now
        ]
        said = f"{ask['state']}" + (f" ({ask['because']})" if ask["because"] else "")
        promises.append(Promise(name, date.fromisoformat(when), said, "; ".join(came) or "no longer asked"))
    return tuple(promises)


def _said(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.4g}"
