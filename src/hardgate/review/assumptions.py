"""The numbers that policy may state and nobody measures: names, units and meanings.

A number that stands in policy.yaml is an assumption wherever it is used, with its source beside it; one that does not
stand there is unknown and is never replaced by a value of ours, except where a metric names its own default.
"""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Known:
    """One assumption that metrics and gates ask for. `kind` is share, number, count or whole.

    `start` is what `hardgate init` writes, as a value to be replaced; without one it is written as a comment.
    A `family` has keys of its own below its name, such as one haircut a credit grade.
    """

    name: str
    kind: str
    unit: str
    meaning: str
    start: str = ""
    family: bool = False


ASSUMPTIONS = (
    Known("discount_rate", "share", "share a year", "cost of capital, continuously compounded", "12%"),
    Known("hurdle_rate", "share", "share a year", "return at which a tranche is worth its capital", "15%"),
    Known("lead_months", "number", "months", "from the decision to live capacity", "12"),
    Known("life_months", "count", "months", "useful life of an accelerator", "48"),
    Known("margin_per_gpu_month", "number", "currency", "margin of a used GPU-month, where sales do not tell"),
    Known("variable_cost_per_gpu_hour", "number", "currency", "cost of a used GPU-hour that idle time saves"),
    Known("fixed_cost_per_gpu_month", "number", "currency", "fixed power, space and staff of a GPU-month"),
    Known("shortage_penalty", "number", "currency", "what a short GPU-month costs beyond its lost margin", "0"),
    Known("wait_probability", "share", "share", "share of jobs that may have to wait", "5%"),
    Known("gang", "count", "GPUs", "GPUs that one job takes at once", "1"),
    Known("shortage", "share", "share", "expected unmet demand over capacity that service allows", "1%"),
    Known("activation_load", "share", "share", "load over which a hall counts as taken", "50%"),
    Known("activation_days", "count", "days", "days running that it must stay over it", "14"),
    Known("ramp_months", "count", "months", "months after a hall went live at which its ramp is read", "6"),
    Known("coverage_months", "count", "months", "first months of a tranche that its backlog is held against", "24"),
    Known("top_accounts", "count", "accounts", "largest accounts whose committed usage counts", "5"),
    Known("power_price", "number", "currency per kWh", "price of power"),
    Known("pue", "number", "ratio", "power usage effectiveness of the site"),
    Known("opex_share", "share", "share a year", "fixed running cost without power, of what a machine cost", "6%"),
    Known("target_productive_share", "share", "share", "productive of installed GPU-hours that prices aim for"),
    Known("floor_margin", "share", "share", "margin that a price must leave above its full cost"),
    Known("bundle_gpu_hours", "number", "GPU-hours", "GPU-hours a month that bundles may take"),
    Known("contribution_share", "share", "share", "contribution of revenue, where recurring revenue has no cost"),
    Known("value_events", "count", "events", "paid events on one day that count as a first production use", "1"),
    Known(
        "architecture_cost",
        "number",
        "currency",
        "what a reference architecture costs in a year",
        family=True,
    ),
    Known("single_name_cap", "share", "share", "largest part of the backlog that one customer counts for", "25%"),
    Known("price_erosion", "share", "share a year", "fall of prices, continuously compounded"),
    Known("price_volatility", "share", "share a year", "volatility of log price"),
    Known("tax_rate", "share", "share", "tax on profit after losses carried forward"),
    Known("working_capital", "share", "share", "of a quarter's revenue that is bound"),
    Known("finance_rate", "share", "share a year", "rate at which money is raised, for the modified return"),
    Known("reinvestment_rate", "share", "share a year", "rate at which money is put away, for the modified return"),
    Known("power_available", "number", "kW", "power that a place has for new accelerators"),
    Known("lease_per_gpu_month", "number", "currency", "price of a leased GPU-month, power and space included"),
    Known("lease_months", "count", "months", "term of a lease, paid whole", "12"),
    Known("lease_lead_months", "number", "months", "from signing a lease to load", "1"),
    Known("capex_budget", "number", "currency", "capital that the open tranches may take together"),
    Known(
        "power_budget", "number", "kW", "power that the open tranches may draw together, the site's own use included"
    ),
    Known("risk_budget", "number", "currency", "largest mean loss of the worst draws that the set may have"),
    Known("risk_level", "share", "share", "beyond which draws count as the worst", "95%"),
    Known("durability_months", "count", "months", "horizon over which lasting revenue counts fully", "36"),
    Known("preemption_cost", "number", "currency", "what a held GPU loses for an hour when it has to move", "0"),
    Known(
        "margin_from_sales", "count", "flag", "1: a tranche's margin is what sales earned, also where the pool is full"
    ),
    Known("own_cities", "count", "flag", "1 where the market data are those of this company; set for a company"),
    Known("haircut", "share", "share", "what counts of a commitment, by credit grade and by termination", family=True),
)


@cache
def known() -> dict[str, Known]:
    """Return every assumption by name."""
    return {one.name: one for one in ASSUMPTIONS}
