"""What the books say of one programme: amounts in the reporting currency, and what a productive GPU-hour brought.

Each is looked up once an assembly. Wrong when a pool sells hours that the programme's GPUs do not give: prices and
volumes belong together only where the productive share is the programme's.

>>> per_productive_hour(1_200_000.0, 450_000.0, 100_000.0, 0.6)
(20.0, 7.5)
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hardgate.core.days import window_ending
from hardgate.core.money import rate_on
from hardgate.core.terms import Evidence, Scope
from hardgate.metrics.availability import metric as availability
from hardgate.metrics.columns import absent
from hardgate.metrics.programme_drivers import Given
from hardgate.metrics.reporting_currency import rates_of
from hardgate.metrics.sold import sold

WINDOW = "8w"


def per_productive_hour(revenue: float, cost: float, held: float, part: float) -> tuple[float | None, float | None]:
    """Return revenue and cost of a productive GPU-hour, from the hours held and the productive part of them."""
    hours = held * part
    return (revenue / hours, cost / hours) if hours else (None, None)


class Books:
    """Prices, costs and rates of one assembly, each looked up once."""

    def __init__(self, evidence: Evidence, given: dict[str, Given]) -> None:
        self.evidence, self.given = evidence, given
        self._rates = rates_of(evidence)
        self._realised: dict[Scope, tuple[float | None, float | None]] = {}

    def money(self, row: dict[str, Any], name: str) -> float | None:
        """Return an amount of a row in the reporting currency; None without an amount or a rate."""
        if absent(row[name]):
            return None
        rate = rate_on(self._rates, str(row["currency"]), self.evidence.currency, self.evidence.as_of)
        return None if rate is None else float(Decimal(str(row[name])) * rate)

    def realised(self, scope: Scope) -> tuple[float | None, float | None]:
        """Return revenue and variable cost of a productive GPU-hour that was sold in a pool; None where not known."""
        if scope not in self._realised:
            self._realised[scope] = self._sold(scope)
        return self._realised[scope]

    def _sold(self, scope: Scope) -> tuple[float | None, float | None]:
        found = sold(self.evidence, scope, self.evidence.last_complete("sales_month") + timedelta(days=1))
        if found.gaps:
            return None, None
        revenue, cost = (float(sum(getattr(one, key) for one in found.months)) for key in ("revenue", "variable_cost"))
        held = sum(one.used_gpu_hours for one in found.months)
        return per_productive_hour(revenue, cost, held, self._part(scope) or 0.0)

    def _part(self, scope: Scope) -> float | None:
        """Return the productive part of what is held: the programme's, so that prices and volumes belong together."""
        if "productive_share" not in self.given:
            return None
        window = window_ending(WINDOW, self.evidence.last_complete("pool_day") + timedelta(days=1))
        there = self.evidence.reading(availability, scope, window).value
        return None if not there else min(self.given["productive_share"].value / there, 1.0)
