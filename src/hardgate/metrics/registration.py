"""What was registered of a feature before anyone saw it, and whether that still holds.

A registration that is new or changed after the first exposure is void, whatever window it names: whoever may choose
window, metric or effect after seeing results can find one in anything. The first exposure is the first ever, that of a
pilot before the window too; who was shown an arm before the window is not counted in it. Its digest stands in the ask,
and with it in the signed packet and in the ledger. Wrong when exposures are exported late, or those of before a window
not at all: then an edit looks earlier than it was.

>>> words = digest([{"metric": "basket_value", "minimum_effect": 0.03}])
>>> len(words), words == digest([{"minimum_effect": 0.03, "metric": "basket_value"}])
(16, True)
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hardgate.core.terms import Evidence, Scope
from hardgate.metrics.columns import cells, dates

PROMISED = (
    "metric", "role", "unit", "starts_on", "ends_on", "minimum_effect", "looks", "alpha", "control_share",
    "planned_units", "open_ended",
)  # fmt: skip
REQUIRED = ("metric", "role", "unit", "starts_on", "ends_on", "minimum_effect", "looks", "control_share")
DENSITIES = frozenset({"delivery_density", "orders_per_courier_hour"})
"""Metrics of a zone and hour: customers share their courier, so that they cannot be randomised one by one."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One metric of a registration."""

    metric: str
    role: str
    minimum_effect: float


@dataclass(frozen=True, slots=True)
class Registration:
    """What is registered of one feature; `void` says why it does not hold, or is empty."""

    feature: str
    promises: tuple[Promise, ...]
    starts_on: date
    ends_on: date
    looks: int
    alpha: float
    control_share: float
    planned_units: int | None
    open_ended: bool
    registered_on: date
    registered_by: str
    digest: str
    first_exposure: date | None
    void: str

    @property
    def primary(self) -> tuple[Promise, ...]:
        """The metrics of which one must move."""
        return tuple(one for one in self.promises if one.role == "primary")

    @property
    def guardrails(self) -> tuple[Promise, ...]:
        """The metrics that must not be harmed."""
        return tuple(one for one in self.promises if one.role == "guardrail")


def features(evidence: Evidence) -> tuple[str, ...]:
    """Return the features that are registered, sorted."""
    return tuple(sorted({str(one) for one in cells(evidence.rows("experiment"), "feature") if one is not None}))


def registration(evidence: Evidence, feature: str) -> Registration | str:
    """Return what is registered of a feature, or why nothing can be read."""
    rows = evidence.rows("experiment", Scope.of(feature=feature)).records()
    if not rows:
        return f"{feature} is not registered"
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda one: (one["day"], str(one["metric"]))):
        newest[str(row["metric"])] = row
    mine = [newest[name] for name in sorted(newest)]
    lacking = sorted({name for row in mine for name in REQUIRED if row[name] is None})
    if lacking:
        return f"the registration of {feature} does not say {', '.join(lacking)}"
    first, shown = mine[0], first_exposure(evidence, feature)
    return Registration(
        feature,
        tuple(Promise(str(row["metric"]), str(row["role"]), float(row["minimum_effect"])) for row in mine),
        first["starts_on"], first["ends_on"], int(first["looks"]), float(first["alpha"] or 0.05),
        float(first["control_share"]),
        None if first["planned_units"] is None else int(first["planned_units"]),
        bool(first["open_ended"]),
        max(row["day"] for row in mine),
        str(first["registered_by"] or "registry"),
        digest([{name: row[name] for name in PROMISED} for row in mine]),
        shown,
        _void(shown, rows, mine),
    )  # fmt: skip


def digest(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the first 16 digits of the SHA-256 of what was promised."""
    return hashlib.sha256(json.dumps(rows, sort_keys=True, default=str).encode()).hexdigest()[:16]


def first_exposure(evidence: Evidence, feature: str) -> date | None:
    """Return the first day on which anyone was shown an arm, in a window or not, or counted in one by a platform."""
    found = [
        day
        for rollup in ("exposure_day", "feature_day")
        for day in dates(evidence.rows(rollup, Scope.of(feature=feature)), "day")
    ]
    return min((day for day in found if day is not None), default=None)


def _void(first: date | None, rows: Sequence[Mapping[str, Any]], mine: Sequence[Mapping[str, Any]]) -> str:
    """Say why a registration does not hold given the first exposure, or nothing."""
    late, starts = max(row["day"] for row in rows), min(row["starts_on"] for row in mine)
    if first is not None:
        if late > first:
            return f"void: registered anew on {late}, after the first exposure on {first}"
        edited = [row["stated_on"] for row in rows if row["stated_on"] != row["first_stated_on"] and row["stated_on"]]
        if edited and max(edited) > first:
            return f"void: changed in place on {max(edited)}, after the first exposure on {first}"
    shared = {name: {row[name] for row in mine} for name in ("unit", "starts_on", "ends_on", "looks", "control_share")}
    several = sorted(name for name, values in shared.items() if len(values) > 1)
    told = (
        # Where exposures are exported from the registration on, a late one would look as if nobody had seen it.
        (late > starts, f"void: registered on {late}, after its window began on {starts}"),
        (several, f"void: its metrics do not agree on {', '.join(several)}"),
        (
            any(row["metric"] in DENSITIES and row["unit"] != "zone_time" for row in mine),
            "void: a density is a quantity of zone and hour; randomise zone x time, not customers",
        ),
        (not any(row["role"] == "primary" for row in mine), "void: no metric is primary"),
    )
    return next((said for wrong, said in told if wrong), "")
