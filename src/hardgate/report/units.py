"""The unit of each named sum that a reading came from: what its name says, what it ends in, or what the reading is in.

A sum of a company's published figures stands without a currency: it is in that company's, which the figure beside it
names. Wrong when a metric of one's own uses one of these names for something else.

>>> unit_of("revenue_needed"), unit_of("committed_gpu_hours"), unit_of("shanghai.cost_per_customer"), unit_of("orders")
('currency', 'GPU-hours', 'currency', '')
>>> bare("committed_gpu_hours"), bare("lead_months"), bare("gpu_hours")
('committed', 'lead', '')
"""

ENDS = {
    "_gpu_hours": "GPU-hours",
    "_gpu_months": "GPU-months",
    "_gpus": "GPUs",
    "_hours": "hours",
    "_days": "days",
    "_months": "months",
    "_quarters": "quarters",
    "_moves_up": "currency",
    "_moves_down": "currency",
    "_share": "share",
}
"""What a name ends in. The unit of money and of a share is written with the number and stays in the name."""

_MONEY = (
    "ai_revenue", "amount", "base_revenue", "cancel_fee", "committed_amount", "contribution", "contribution_a_day",
    "cost", "cost_per_customer", "cost_under_price", "churn", "contraction", "delay_a_quarter", "enforceable_amount",
    "expansion", "fixed", "gain", "go_now", "gpu_weighted_price", "lease_instead", "npv", "peak", "price",
    "price_per_gpu", "revenue", "revenue_needed", "start", "subsidy", "subsidy_a_day", "value", "value_of_ordering",
    "value_of_waiting",
)  # fmt: skip
_SHARES = (
    "attach_now", "attach_rate", "ceiling_trigger", "change_in_four_weeks", "demand_growth", "economic_trigger",
    "growth", "growth_quarter_before", "indifferent_from", "indifferent_to", "margin", "margin_year_before",
    "minimum_effect", "never", "p_of_assignments", "risk", "volatility", "wait_probability",
)  # fmt: skip
NAMES = {
    **dict.fromkeys(_MONEY, "currency"),
    **dict.fromkeys(_SHARES, "share"),
    **dict.fromkeys(("median", "q05", "q95", "weeks_needed"), "weeks"),
    **dict.fromkeys(("capacity_position", "demand"), "GPUs"),
    "contribution_margin": "currency per used GPU-month",
    "contribution_per_customer_week": "currency a week",
    "gpu_hours_per_unit": "GPU-hours a unit",
    "ownership_cost": "currency per GPU-month",
}
"""The unit of a sum by its whole name."""

WEEKS = frozenset(("median", "q05", "q95", "weeks_needed"))
"""Of these a number below nothing says that there is no such week."""


def unit_of(name: str, reading: str = "") -> str:
    """Return the unit of a sum; that of its reading where the sum is an error of it."""
    last = name.rpartition(".")[2]
    if last == "error":
        return reading
    if last.startswith("move_to_"):
        return "currency"
    if last in NAMES:
        return NAMES[last]
    return next((unit for end, unit in ENDS.items() if f"_{last}".endswith(end)), "")


def bare(name: str) -> str:
    """Return a name in words, without the unit that is written with the number."""
    if name in NAMES:
        return "" if name == "gpu_hours_per_unit" else name.replace("_", " ")
    end = next((end for end, unit in ENDS.items() if f"_{name}".endswith(end) and unit not in WRITTEN_OUT), "")
    return f"_{name}".removesuffix(end).replace("_", " ").strip()


WRITTEN_OUT = frozenset(("currency", "share"))
"""Units of which the number is written another way, so that the name keeps its last word."""
