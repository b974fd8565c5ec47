"""What an order leaves after what is given away on it: the third contribution margin, by the declared cost stack.

The level of each amount is the one of the declared cost stack, since CM1, CM2 and CM3 are no standard. Read by daily
blocks in the reporting currency. Wrong when costs of a day are booked on another one: then widen the window.

Source: METHODS 9 and its glossary, "CM1 / CM2 / CM3".

>>> metric.formula(1_200.0, 400.0)
3.0
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.city_days import per_order
from hardgate.metrics.columns import share


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read what an order leaves up to this level."""
    return per_order(evidence, scope, window, metric, "CM3")


metric = Metric(
    name="cm3_per_order",
    meaning="what an order leaves after what is given away on it, as the cost stack declares it",
    unit="currency per order",
    better=Better.HIGHER,
    denominator="orders",
    digits=3,
    facts=(Fact("city_day", "value"), Fact("city_day", "orders"), Fact("stack_account", "level")),
    formula=share,
    compute=compute,
)
