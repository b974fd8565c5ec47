"""What an experiment shows at its looks: intervals that hold however often one looks, sample ratio first.

At each registered look the bound is that of Lan and DeMets with O'Brien-Fleming spending; what earlier looks excluded
stays excluded (repeated confidence intervals, intersected). Of several primary metrics one must move, each at its share
of the false alarms by Holm; guardrails must each not be harmed. A window that may be prolonged is read with an interval
that holds at every moment. Wrong when units meet: then one arm's treatment is the other's too.

>>> intersect([(-0.5, 0.6), (-0.02, 0.2), (0.03, 0.15)])
(0.03, 0.15)
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Scope
from hardgate.metrics.registration import Promise, Registration, registration

if TYPE_CHECKING:  # the mathematics loads when it is used
    from hardgate.models.experiment import Arm, Effect

UNEVEN = 0.001
"""A split that would be this rare as planned is no accident."""
FEWEST = 30
"""Units of an arm with fewer of which a look says nothing: a mean of so few is not normal, and what it says stays."""
TUNED_FOR = 5_000
SUMS = (
    "units", "numerator_mean", "denominator_mean", "numerator_variance", "denominator_variance", "covariance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One metric's effect: the latest estimate and what the looks have left of it; no ends before the first look."""

    metric: str
    value: float
    low: float | None
    high: float | None
    minimum_effect: float


@dataclass(frozen=True, slots=True)
class Readout:
    """One feature as of a day: registration, units by arm, sample ratio, and its metrics. `refused` says why not."""

    registered: Registration
    units: tuple[float, float]
    sample_ratio_p: float | None
    looks_done: int
    next_look: date | None
    primary: tuple[Shown, ...]
    guardrails: tuple[Shown, ...]
    both_arms: int
    refused: str

    @property
    def best(self) -> Shown | None:
        """The primary metric whose lower end is highest; before any look the largest estimate."""
        return max(self.primary, key=lambda one: (-math.inf if one.low is None else one.low, one.value), default=None)

    @property
    def uneven(self) -> bool:
        """Tell whether the split is more uneven than luck makes it."""
        return self.sample_ratio_p is not None and self.sample_ratio_p < UNEVEN

    @property
    def kept(self) -> bool:
        """Tell whether a primary metric has shown its effect."""
        return not self.refused and any(one.low is not None and one.low > 0 for one in self.primary)


def readout(evidence: Evidence, feature: str) -> Readout | str:
    """Return what is known of a feature, or why nothing is registered that could be."""
    found = registration(evidence, feature)
    if isinstance(found, str):
        return found
    last = min(evidence.last_complete("feature_day"), found.ends_on - timedelta(days=1))
    sums = _sums(evidence, found, last)
    days = sorted({day for _, day in sums})
    looks = _look_days(found, days, last)
    units, both = _units(evidence, found, days[-1]) if days else ((0.0, 0.0), 0)
    ratio_p = _ratio(units, found) if sum(units) else None
    refused = found.void
    if not refused and not days:
        refused = f"no unit of {feature} is counted in an arm up to {last}"
    if not refused and ratio_p is not None and ratio_p < UNEVEN:
        refused = f"{units[0]:.0f} control and {units[1]:.0f} treated units: a split this uneven has p {ratio_p:.1e}"
    shown = {} if refused else _shown(found, sums, looks, days, units)
    if not refused and len(shown) < len(found.promises):
        lacking = sorted(one.metric for one in found.promises if one.metric not in shown)
        refused = f"no sums of {', '.join(lacking)}; bring orders with amounts, or experiment_results"
    done = len([day for day in looks if day <= last])
    coming = _due(found, done + 1) if done < found.looks and not found.open_ended else None
    return Readout(
        found, units, ratio_p, done, coming,
        tuple(shown[one.metric] for one in found.primary if one.metric in shown),
        tuple(shown[one.metric] for one in found.guardrails if one.metric in shown),
        both, refused,
    )  # fmt: skip


def _due(found: Registration, look: int) -> date:
    """Return the last day that a look counts."""
    days = (found.ends_on - found.starts_on).days
    return found.starts_on + timedelta(days=math.ceil(days * look / found.looks) - 1)


def _look_days(found: Registration, days: Sequence[date], last: date) -> list[date]:
    """Return the last counted day of each look that is over and has sums; an open window has its last day alone."""
    if found.open_ended:
        return [days[-1]] if days else []
    due = [_due(found, look) for look in range(1, found.looks + 1)]
    return sorted({max((day for day in days if day <= one), default=one) for one in due if one <= last} & set(days))


def _sums(evidence: Evidence, found: Registration, last: date) -> dict[tuple[str, date], dict[str, dict[str, Any]]]:
    """Return the sums of both arms by metric and day, where both are whole."""
    window = Window(found.starts_on, last + timedelta(days=1)) if last >= found.starts_on else None
    if window is None:
        return {}
    rows = evidence.rows("feature_day", Scope.of(feature=found.feature), window).records()
    pairs: dict[tuple[str, date], dict[str, dict[str, Any]]] = {}
    for row in rows:
        if row["arm"] is not None and all(row[name] is not None for name in SUMS):
            pairs.setdefault((str(row["metric"]), row["day"]), {})[str(row["arm"])] = row
    return {key: arms for key, arms in pairs.items() if {"control", "treated"} <= set(arms)}


def _units(evidence: Evidence, found: Registration, day: date) -> tuple[tuple[float, float], int]:
    rows = evidence.rows("feature_day", Scope.of(feature=found.feature), Window(day, day + timedelta(days=1))).records()
    counted = {
        arm: max((float(row["units"] or 0) for row in rows if row["arm"] == arm), default=0.0)
        for arm in ("control", "treated")
    }
    both = sum(max((int(row["both_arms"] or 0) for row in rows if row["arm"] == arm), default=0) for arm in counted)
    return (counted["control"], counted["treated"]), both


def _ratio(units: tuple[float, float], found: Registration) -> float | None:
    from hardgate.models.experiment import sample_ratio

    if not 0 < found.control_share < 1:
        return None
    return sample_ratio(units, (found.control_share, 1 - found.control_share))


def _arm(row: dict[str, Any]) -> "Arm":
    from hardgate.models.experiment import Arm

    return Arm(*(float(row[name]) for name in SUMS))


def _shown(
    found: Registration,
    sums: dict[tuple[str, date], dict[str, dict[str, Any]]],
    looks: Sequence[date],
    days: Sequence[date],
    units: tuple[float, float],
) -> dict[str, Shown]:
    """Return every metric with its interval, the primary ones at their share of the false alarms."""
    from hardgate.models.experiment import effect, holm

    latest = {}
    for one in found.promises:
        have = [day for day in days if (one.metric, day) in sums]
        pair = sums[one.metric, have[-1]] if have else None
        latest[one.metric] = effect(_arm(pair["control"]), _arm(pair["treated"])) if pair else None
    primary = [one for one in found.primary if latest[one.metric] is not None]
    shares = holm([now.z for one in primary if (now := latest[one.metric]) is not None], found.alpha)
    alphas = {one.metric: share for one, share in zip(primary, shares, strict=True)}
    shown = {}
    for one in found.promises:
        now = latest[one.metric]
        if now is None:
            continue
        alpha = alphas.get(one.metric, found.alpha)
        ends: tuple[float | None, float | None] = (
            _at_looks(found, one, sums, looks, alpha)
            if not found.open_ended
            else _anytime(now.value, now.error, alpha, found, units)
            if now.error > 0 and min(units) >= FEWEST
            else (None, None)
        )
        low, high = ends
        value = now.value if low is None or high is None else min(max(now.value, low), high)
        shown[one.metric] = Shown(one.metric, value, low, high, one.minimum_effect)
    return shown


def _anytime(
    value: float, error: float, alpha: float, found: Registration, units: tuple[float, float]
) -> tuple[float, float]:
    from hardgate.models.confidence_sequence import radius

    total = sum(units)
    wide = radius(error**2 * total, total, alpha, found.planned_units or TUNED_FOR)
    return value - wide, value + wide


def _at_looks(
    found: Registration,
    promise: Promise,
    sums: dict[tuple[str, date], dict[str, dict[str, Any]]],
    looks: Sequence[date],
    alpha: float,
) -> tuple[float | None, float | None]:
    """Return what the looks so far have left of one metric's effect."""
    from hardgate.models.experiment import effect
    from hardgate.models.group_sequential import bounds

    seen = []
    information: list[float] = []
    for day in looks:
        pair = sums.get((promise.metric, day))
        share = _information(found, day, pair)
        if pair is None or (information and share <= information[-1]):
            continue
        control, treated = _arm(pair["control"]), _arm(pair["treated"])
        now = effect(control, treated)
        if now is not None and tells(now, control, treated):
            seen.append(now)
            information.append(share)
    if not seen:
        return None, None
    edges = bounds(information, alpha)
    return intersect(
        [(now.value - z * now.error, now.value + z * now.error) for now, z in zip(seen, edges.tolist(), strict=True)]
    )


def tells(seen: "Effect", control: "Arm", treated: "Arm") -> bool:
    """Tell whether a look is one: where no unit differs from another, or few are there, its width means nothing."""
    return seen.error > 0 and min(control.units, treated.units) >= FEWEST


def _information(found: Registration, day: date, pair: dict[str, dict[str, Any]] | None) -> float:
    """Return the share of all information that is there on a day: of planned units, or of the window's days."""
    if day + timedelta(days=1) >= found.ends_on or pair is None:
        return 1.0
    if found.planned_units:
        return min(1.0, sum(float(arm["units"]) for arm in pair.values()) / found.planned_units)
    return ((day - found.starts_on).days + 1) / (found.ends_on - found.starts_on).days


def intersect(intervals: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return what all intervals have in common; where they have nothing, the last one."""
    low, high = max(one for one, _ in intervals), min(one for _, one in intervals)
    return (low, high) if low <= high else intervals[-1]
