"""A share of the declared base as a reading: Wilson's interval, wider where somebody's use is not known.

Who paid is counted among the accounts of the base alone. The lowest share counts nobody of whom it is not known, the
highest all of them; days that nobody knows of leave every account of the base in doubt. Wrong when accounts decide
together: accounts of one group are one.

Source: Wilson 1927; METHODS 8 and 12.

>>> Counted(["k1"], ["k1", "k2"], frozenset(), False).most
1
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Metric, Reading, Scope
from hardgate.metrics.feature_use import Use, within_base


@dataclass(frozen=True, slots=True)
class Counted:
    """Who counts among a base; `open_to_all` where a missing day may hold anybody."""

    counted: Sequence[str]
    base: Sequence[str]
    doubtful: frozenset[str]
    open_to_all: bool

    @property
    def most(self) -> int:
        """How many would count, if all did of whom it is not known."""
        if self.open_to_all:
            return len(self.base)
        return len(set(self.counted) | set(within_base(self.doubtful, self.base)))


def share_of(  # noqa: PLR0913  a reading has this many parts
    metric: Metric,
    evidence: Evidence,
    scope: Scope,
    window: Window,
    counted: Counted,
    use: Use,
    *,
    because: str = "",
) -> Reading:
    """Return the share of a base as a reading."""
    from hardgate.models.intervals import wilson

    n, k, most = len(counted.base), len(counted.counted), counted.most
    low, high = wilson(k, n, evidence.confidence), wilson(most, n, evidence.confidence)
    missing = round(len(use.missing) / max(window.days, 1), 6)
    doubt = round((most - k) / n, 6) if not counted.open_to_all and n else 0.0
    value, top = (round(one / n, metric.digits) if n else 0.0 for one in (k, most))
    reading = Reading(
        metric.name, scope, window, metric.unit, value,
        None if low is None else min(round(low.low, metric.digits), value),
        None if high is None else max(round(high.high, metric.digits), top),
        facts=(("attached_accounts", float(k)), ("base_accounts", float(n))),
        missing=max(missing, doubt),
        gaps=use.gaps,
        whole_days_missing=use.missing,
        status=metric.status,
        sql=query(metric, scope, window),
        batches=tuple(sorted({*evidence.batches("account"), *evidence.batches("feature_day", window)})),
        because="; ".join([*([because] if because else []), *use.gaps]),
    )  # fmt: skip
    return replace(reading, bounds=(value, top)) if most > k else reading


def query(metric: Metric, scope: Scope, window: Window) -> str:
    """Return the query over the rollup that shows who paid in a window; the base is the rollup account."""
    feature = f" and feature = '{scope['feature'].replace(chr(39), 2 * chr(39))}'" if "feature" in scope else ""
    where = f"paid_events > 0 and day >= date '{window.start}' and day < date '{window.end}'{feature}"
    return f"select distinct account from {metric.facts[-1].table} where {where} order by account"
