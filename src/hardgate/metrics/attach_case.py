"""The attach rate that a tranche's business case rests on, as its plan or its ask states it.

An ask in asks/*.yaml states it as `attach_rate: 25%`; a tranche of the plan in the column of that name. Wrong
when the case means another variant than the gate reads: name the variant in policy.yaml.

Source: METHODS 8.

>>> stated(0.25), stated("25 %"), stated(None)
(0.25, 0.25, None)
"""

from decimal import Decimal

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Better, Cell, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.columns import cells

BRING = "state attach_rate in capacity_plan, or in the ask"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read what the case of the scope's tranche rests on."""
    name = scope.as_mapping().get("tranche", "")
    asked = [ask.term("attach_rate") for ask in evidence.asks if name and ask.id == name]
    planned = cells(evidence.rows("tranche", Scope.of(tranche=name)), "attach_rate") if name else _only(evidence, scope)
    rates = [rate for rate in map(stated, [*asked, *planned]) if rate is not None]
    if not rates:
        return nothing(metric, scope, window, f"the business case of {scope} names no attach rate", BRING)
    value = round(rates[0], metric.digits)
    return Reading(
        metric.name, scope, window, metric.unit, value, value, value,
        facts=(("attach_rate", value),),
        status=Status.ASSUMED,
        batches=evidence.batches("tranche"),
        because="as the business case states",
    )  # fmt: skip


def _only(evidence: Evidence, scope: Scope) -> list[Cell]:
    """Return what the plans of a scope state, where they all state the same."""
    found = [one for one in cells(evidence.rows("tranche", scope), "attach_rate") if one is not None]
    return found[:1] if scope != EVERYTHING and len(set(found)) == 1 else []


def stated(value: Cell) -> float | None:
    """Return a stated share as a number."""
    if isinstance(value, str):
        text = value.strip()
        try:
            return float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
        except ValueError:
            return None
    return float(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


metric = Metric(
    name="attach_case",
    meaning="attach rate that the tranche's business case rests on",
    unit="share",
    better=Better.NEITHER,
    denominator="eligible accounts",
    facts=(Fact("tranche", "attach_rate"),),
    compute=compute,
    interval="exact",
    at_most_one=True,
    status=Status.ASSUMED,
)
