"""One reading against one limit: the whole interval clears it, misses it, straddles it, or cannot be compared.

The limit may be an interval itself (a computed trigger). At least: PASS when reading.low >= limit.high, FAIL when
reading.high < limit.low, else HOLD; at most is the mirror; equality passes. UNKNOWN when nothing bounds the reading,
when only bounds are known, when what is missing passes what policy allows, or when it alone could decide.

Source: DESIGN 1, laws 1 and 4.

>>> from datetime import date
>>> from hardgate.core.terms import EVERYTHING
>>> at = limit("example", EVERYTHING, Window(date(2026, 8, 3), date(2026, 8, 10)), 0.75)
>>> seen = replace(at, value=0.80, low=0.75, high=0.85)
>>> str(compare(seen, at, "at least", allowed=0.05)[0])
'pass'
"""

from dataclasses import replace
from math import inf

from hardgate.core.days import Window
from hardgate.core.terms import Outcome, Reading, Scope, Status

AT_LEAST, AT_MOST = "at least", "at most"
DIGITS = 6
"""Readings are rounded to their metric's digits; what is derived of them keeps no more than this."""


def limit(name: str, scope: Scope, window: Window, value: float, unit: str = "") -> Reading:
    """Return a limit of policy as an exact reading."""
    return Reading(name, scope, window, unit, value, value, value, status=Status.ASSUMED)


def compare(reading: Reading, limit: Reading, sense: str, *, allowed: float) -> tuple[Outcome, str]:  # noqa: PLR0911  one case a line
    """Return what the interval of a reading says against a limit, and why when it is neither PASS nor FAIL."""
    if reading.low is None and reading.high is None:
        return Outcome.UNKNOWN, reading.because or "there is no evidence"
    if limit.low is None and limit.high is None:
        return Outcome.UNKNOWN, f"the limit is unknown: {limit.because or 'there is no evidence for it'}"
    if reading.value is None:
        return Outcome.UNKNOWN, f"only bounds are known: {reading.because}"
    if reading.missing > allowed:
        return (
            Outcome.UNKNOWN,
            f"{_more(reading.missing, allowed)}: {reading.because}",
        )
    if (lost := len(reading.whole_days_missing)) and lost > allowed * reading.window.days:
        return Outcome.UNKNOWN, f"{lost} of {reading.window.days} days are missing: {reading.because}"
    low, high = _bounds(reading.low, reading.high)
    if reading.bounds is not None and _place(*reading.bounds, limit, sense) is Outcome.HOLD:
        return Outcome.UNKNOWN, f"what is missing could decide it: {reading.because}"
    outcome = _place(low, high, limit, sense)
    if outcome is Outcome.HOLD and (limit.low is None or limit.high is None):
        return Outcome.UNKNOWN, f"the limit is known on one side only: {limit.because}"
    return outcome, "the interval straddles the limit" if outcome is Outcome.HOLD else ""


def _bounds(low: float | None, high: float | None) -> tuple[float, float]:
    """A reading may be open at one end: demand that was turned away and not counted has no upper bound."""
    return (-inf if low is None else low), (inf if high is None else high)


def _place(low: float, high: float, limit: Reading, sense: str) -> Outcome:
    bottom, top = _bounds(limit.low, limit.high)
    if sense == AT_LEAST:
        clears, misses = low >= top, high < bottom
    else:
        clears, misses = high <= bottom, low > top
    return Outcome.PASS if clears else Outcome.FAIL if misses else Outcome.HOLD


def slack(reading: Reading, limit: Reading, sense: str) -> tuple[float | None, float | None]:
    """Return the signed distance of a reading to its limit, and that distance in units of half the intervals.

    The distance is to the edge of the limit that decides: the upper one of at least, the lower one of at most. An
    exact reading of an exact limit has no noise to measure in.
    """
    edge = limit.high if sense == AT_LEAST else limit.low
    if reading.value is None or edge is None:
        return None, None
    distance = round(reading.value - edge if sense == AT_LEAST else edge - reading.value, DIGITS)
    if reading.low is None or reading.high is None:
        return distance, None
    half = (reading.high - reading.low) / 2
    return distance, (round(distance / half, DIGITS) if half > 0 else None)


def shifted(limit: Reading, by: float, sense: str) -> Reading:
    """Return a limit that is easier by a band: what a passing condition must still clear."""
    move = -by if sense == AT_LEAST else by
    low, high = (None if edge is None else edge + move for edge in (limit.low, limit.high))
    return replace(limit, low=low, high=high) if by else limit


def _more(missing: float, allowed: float) -> str:
    """Say that more is missing than is allowed, in as many digits as it takes to see that."""
    digits = next((n for n in range(1, 10) if round(100 * missing, n) > round(100 * allowed, n)), 10)
    return f"{100 * missing:.{digits}f} % is missing, more than {100 * allowed:.{digits}f} %"
