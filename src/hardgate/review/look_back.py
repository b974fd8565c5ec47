"""What the last packet said of each ask, beside what its readings came to since; and promises whose day has come.

A packet that was recorded says how many GPUs would be live on which day, and through its trigger how much demand there
would then be. Once that month is over and known, every such record is scored: whether its interval held what came, and
how far the forecast was from it. A promise stays for a quarter after its day. Wrong when an ask is renamed: the
look-back follows its id.

Source: METHODS 14; Gneiting & Raftery 2007 for the score.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean
from typing import Any

from hardgate.core.days import month_of
from hardgate.core.terms import Evidence, Scope, Verdict
from hardgate.metrics import demand
from hardgate.metrics.columns import cells, dates

STAYS = timedelta(weeks=13)
PLACE = ("region", "accelerator", "pool")


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of the look-back: what a past packet forecast or released, and what came."""

    ask: str
    as_of: date
    said: str
    came: str


def look_back(
    past: Sequence[Mapping[str, Any]],
    verdicts: Mapping[str, Sequence[Verdict]],
    as_of: date,
    evidence: Callable[[], Evidence] | None = None,
) -> tuple[Promise, ...]:
    """Return what the newest earlier packet said of each ask and what came since, then the promises that came due.

    `past` are the bodies of recorded packets, oldest first; without evidence, which is asked for where a promise came
    due, none is scored.
    """
    earlier = [body for body in past if date.fromisoformat(body["as_of"]) < as_of]
    newest = {ask["id"]: (body["as_of"], ask) for body in earlier for ask in body["asks"]}
    promises = []
    for name, (when, ask) in sorted(newest.items()):
        now = {one.metric: one for verdict in verdicts.get(name, ()) for one in verdict.readings}
        came = [
            f"{one['metric']} {_said(one['value'])} then, {_said(now[one['metric']].value)} now"
            for one in ask["readings"]
            if one["metric"] in now
        ]
        said = f"{ask['state']}" + (f" ({ask['because']})" if ask["because"] else "")
        promises.append(Promise(name, date.fromisoformat(when), said, "; ".join(came) or "no longer asked"))
    return (*promises, *(_due(earlier, as_of, evidence) if evidence else ()))


def _said(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.4g}"


def _due(earlier: Sequence[Mapping[str, Any]], as_of: date, known: Callable[[], Evidence]) -> Iterator[Promise]:
    """Yield the promises whose day has come, one line for each ask and day, by ask."""
    found: dict[tuple[str, str], list[tuple[date, Mapping[str, Any]]]] = {}
    for body in earlier:
        for ask in body["asks"]:
            made, promised = date.fromisoformat(body["as_of"]), ask.get("promised")
            if promised is not None and made < date.fromisoformat(promised["live"]):
                found.setdefault((ask["id"], promised["live"]), []).append((made, promised))
    for (name, live), records in sorted(found.items()):
        day = date.fromisoformat(live)
        if day <= as_of < day + STAYS:
            evidence = known()
            made, promised = records[-1]
            place = Scope(tuple(promised["scope"].items())).narrowed(PLACE)
            yield Promise(name, made, f"{promised['gpus']:,} GPUs live on {live}", _built(evidence, place, made, day))
            yield from _forecasts(evidence, place, name, day, records)


def _built(evidence: Evidence, place: Scope, made: date, day: date) -> str:
    """Say how many GPUs of a pool have gone live since a promise was made, by its day."""
    rows = evidence.rows("inventory", place)
    live = zip(dates(rows, "live_date"), cells(rows, "gpus"), strict=True)
    gpus = sum(float(count or 0) for start, count in live if start is not None and made < start <= day)
    return f"{gpus:,.0f} GPUs of {place} went live by then"


def _forecasts(
    evidence: Evidence, place: Scope, name: str, day: date, records: Sequence[tuple[date, Mapping[str, Any]]]
) -> Iterator[Promise]:
    """Yield how the forecasts of demand in the month of a day did, once that month is known."""
    from hardgate.models.forecast_score import Lognormal

    end = evidence.last_complete("pool_day") + timedelta(days=1)
    came = dict(demand.months(evidence, place, end)).get(month_of(day))
    if not came:
        return
    middle = month_of(day) + timedelta(days=14)
    said = [
        Lognormal.of_growth(one["demand"], one["demand_growth"], one["volatility"], (middle - made).days / 365.25)
        for made, one in records
        if one["demand"] > 0
    ]
    inside = [low <= came <= high for low, high in (one.interval(evidence.confidence) for one in said)]
    if said:
        low, high = said[-1].interval(evidence.confidence)
        last = f"demand of {said[-1].median:,.0f} GPUs [{low:,.0f}, {high:,.0f}] in {day:%Y-%m}"
        score = mean(one.score(came) for one in said)
        scored = f"{came:,.0f} came; {sum(inside)} of {len(said)} forecasts held it, CRPS {score:,.1f} GPUs"
        yield Promise(name, records[-1][0], last, scored)
