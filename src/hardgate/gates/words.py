"""How a reading and its limit are said in one line: the value, its interval, what it is a share of, and the limit.

>>> number(0.663, "share"), number(9125.4, "GPUs")
('66.3 %', '9,125.4 GPUs')
"""

from hardgate.core.terms import Judged, Reading, Verdict


def number(value: float, unit: str) -> str:
    """Write a number with its unit; a share as percent."""
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "x":
        return f"{value:.2f}x"
    return f"{value:,.4g} {unit}".strip() if abs(value) < 1 else f"{value:,.1f} {unit}".strip()


def bare(value: float | None, unit: str) -> str:
    """Write a number without its unit; an open end as three dots."""
    if value is None:
        return "..."
    return f"{100 * value:.1f}" if unit == "share" else number(value, "")


def shown(reading: Reading) -> str:
    """Write a reading: its value and interval, or that it is not known."""
    name = reading.metric
    if reading.low is None and reading.high is None:
        return f"{name} is not known"
    interval = f"[{bare(reading.low, reading.unit)}, {bare(reading.high, reading.unit)}]"
    if reading.value is None:
        return f"{name} lies in {interval}"
    value = number(reading.value, reading.unit)
    return f"{name} {value}" if reading.exact else f"{name} {value} {interval}"


def asked(judged: Judged) -> str:
    """Write what a reading was held against."""
    limit = judged.limit
    if limit.low is None and limit.high is None:
        return f"{judged.sense} {limit.metric}, which is not known"
    if limit.exact and limit.value is not None:
        return f"{judged.sense} {number(limit.value, limit.unit)}"
    interval = f"[{bare(limit.low, limit.unit)}, {bare(limit.high, limit.unit)}]"
    value = "" if limit.value is None else f"{number(limit.value, limit.unit)} "
    return f"{judged.sense} {limit.metric} {value}{interval}"


def fired(signal: Verdict) -> str:
    """Write a signal that has fired: which one, of whom, why, where and when its figures were stated, who owns it."""
    stated = dict.fromkeys(part for one in signal.readings if one.because for part in one.because.split("; "))
    since = "" if signal.since is None else f", since {signal.since}"
    told = f" ({'; '.join(stated)})" if stated else ""
    return f"fired: {signal.gate}, {signal.scope}: {signal.because}{told}; owner {signal.owner}{since}"
