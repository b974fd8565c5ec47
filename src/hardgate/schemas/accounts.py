"""The accounts that AI features could attach to: the declared base of every attach rate.

An account belongs to the base from the day on which it has a workload that a feature could attach to.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="accounts",
    meaning="customer accounts and the base that features may attach to",
    columns=(
        Column("account", "text", "customer account"),
        Column("region", "text", "region of its workloads"),
        Column("segment", "text", "segment, such as enterprise or startup"),
        Column("eligible_from", "date", "first day with a workload that a feature could attach to"),
        Column("eligible_to", "date", "day after the last such day", nullable=True),
        Column("access_granted", "date", "day on which the features were opened to it", nullable=True),
        Column("architecture", "text", "reference architecture or template it began with", nullable=True),
        Column("offer", "text", "group of a randomised offer: offered or holdout; null took no part", nullable=True),
        Column("offered_on", "date", "day on which the groups of the offer were drawn", nullable=True),
        Column("recorded_on", "date", "day on which this row became known", nullable=True),
    ),
    key=("account",),
    day="eligible_from",
    until="eligible_to",
    known="recorded_on",
)
