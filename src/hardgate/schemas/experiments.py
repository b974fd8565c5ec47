"""What was registered of each feature before anyone saw it: window, metrics, effect that counts, looks, guardrails.

One row a metric. A registration that changes after the first exposure is void.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="experiments",
    meaning="registered experiments, one row a metric",
    columns=(
        Column("feature", "text", "feature"),
        Column(
            "metric",
            "text",
            "basket_value, orders_per_customer, contribution_per_customer, or one of experiment_results",
        ),
        Column("role", "text", "primary or guardrail"),
        Column("unit", "text", "what is randomised: customer or zone_time"),
        Column("starts_on", "date", "first day of the window"),
        Column("ends_on", "date", "deadline: day after the last one"),
        Column(
            "minimum_effect",
            "number",
            "smallest effect worth keeping, of the control's mean; of a guardrail the most harm",
        ),
        Column("looks", "integer", "how often the result is judged in the window"),
        Column("alpha", "number", "chance of a false alarm, two-sided; null is 5 %", nullable=True),
        Column("control_share", "number", "share of units in the control arm", unit="share"),
        Column("planned_units", "integer", "units planned in all arms; null counts information in days", nullable=True),
        Column("open_ended", "boolean", "true where the window may be prolonged", nullable=True),
        Column("registered_on", "date", "day it was registered"),
        Column("registered_by", "text", "who registered it", nullable=True),
    ),
    key=("feature", "metric", "registered_on"),
    day="registered_on",
)
