"""How a tranche's commitments stand against the revenue that it needs, customer by customer.

>>> found = Backlog([450, 200, 150, 100, 100], [0.9, 0.95, 0.95, 0.8, 0.8], 1000.0)
>>> round(found.coverage(800), 3), round(found.coverage(800, 0.25), 3)
(1.122, 0.897)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.commitments import Servable, haircut, servable, unpriced
from hardgate.metrics.ratio import sql
from hardgate.metrics.revenue_needed import metric as revenue_needed
from hardgate.models.backlog import Concentration, concentration, coverage

CAP = 0.25
BRING = "bring contracts with amounts, terms and take-or-pay"


@dataclass(frozen=True, slots=True)
class Backlog:
    """What each customer must pay, the share of it that counts, and all that is committed, enforceable or not."""

    amounts: Sequence[float]
    haircuts: Sequence[float]
    committed: float

    def raw(self) -> float:
        """Return all that is committed at its face."""
        return self.committed

    def coverage(self, need: float, cap: float | None = None) -> float:
        """Return what counts, over a need."""
        return coverage(self.amounts, self.haircuts, need, cap) if self.amounts else 0.0


def cap(evidence: Evidence, scope: Scope) -> float:
    """Return the most of all commitments that one customer may count for."""
    assumed = evidence.assumption("single_name_cap", scope)
    return assumed.value if assumed else CAP


def backlog(evidence: Evidence, scope: Scope, found: Servable) -> Backlog:
    """Add a tranche's commitments up by customer; a haircut that policy does not say counts as nothing here."""
    amounts, shares = [], []
    for mine in found.by_customer(enforceable=True).values():
        total = sum(one.amount for one in mine)
        counted = sum(one.amount * (haircut(evidence, scope, one) or 0.0) for one in mine)
        amounts.append(total)
        shares.append(counted / total if total else 0.0)
    return Backlog(amounts, shares, sum(one.amount for one in found.commitments))


def covered(  # noqa: PLR0913  the question and its formula
    evidence: Evidence,
    scope: Scope,
    window: Window,
    metric: Metric,
    formula: Callable[[Backlog, float], float],
    *,
    haircuts: bool = False,
) -> Reading:
    """Read a coverage of the revenue that a tranche needs; exact, since contracts are sums."""
    found = servable(evidence, scope)
    if found is None:
        return nothing(metric, scope, window, f"no tranche in {scope}", "bring capacity_plan, or an ask with gpus")
    need = evidence.reading(revenue_needed, scope, window)
    gaps = _gaps(evidence, scope, found, haircuts=haircuts)
    if gaps or not need.value:
        lacking, _, bring = need.because.rpartition(": ")
        told = ("; ".join(gaps), BRING) if gaps else (lacking or "no revenue is needed", bring or "see revenue_needed")
        return nothing(metric, scope, found.window, *told)
    held = backlog(evidence, scope, found)
    value = round(formula(held, need.value), metric.digits)
    return Reading(
        metric.name, scope, found.window, metric.unit, value, value, value,
        facts=(
            ("committed_amount", round(held.committed, 2)),
            ("enforceable_amount", round(sum(held.amounts), 2)),
            ("revenue_needed", need.value),
            ("customers", float(len(held.amounts))),
        ),
        status=metric.status,
        sql=sql(metric, Scope(), found.window),
        batches=tuple(sorted({*evidence.batches("contract_month", found.window), *need.batches})),
        because=f"first {_months(found.window)} months of {found.planned.tranche}",
    )  # fmt: skip


def _gaps(evidence: Evidence, scope: Scope, found: Servable, *, haircuts: bool) -> tuple[str, ...]:
    if not evidence.rows("contract_month").count:
        return ("no contracts",)
    lacking = unpriced(evidence, scope, [one for one in found.commitments if one.take_or_pay]) if haircuts else ()
    return (*found.gaps, *lacking)


def _months(window: Window) -> int:
    return (window.end.year - window.start.year) * 12 + window.end.month - window.start.month


def concentrated(
    evidence: Evidence, scope: Scope, window: Window, metric: Metric, formula: Callable[[Concentration], float]
) -> Reading:
    """Read how few customers a tranche's backlog hangs on."""
    found = servable(evidence, scope)
    if found is None:
        return nothing(metric, scope, window, f"no tranche in {scope}", "bring capacity_plan, or an ask with gpus")
    gaps = _gaps(evidence, scope, found, haircuts=False)
    held = backlog(evidence, scope, found)
    names = None if gaps else concentration(list(held.amounts))
    if names is None:
        why = "; ".join(gaps) or f"no commitment to {found.planned.tranche} that must be paid"
        return nothing(metric, scope, found.window, why, BRING)
    value = round(formula(names), metric.digits)
    return Reading(
        metric.name, scope, found.window, metric.unit, value, value, value,
        facts=(("enforceable_amount", round(sum(held.amounts), 2)), ("customers", float(len(held.amounts)))),
        status=Status.REPORTED,
        sql=sql(metric, Scope(), found.window),
        batches=evidence.batches("contract_month", found.window),
    )  # fmt: skip
