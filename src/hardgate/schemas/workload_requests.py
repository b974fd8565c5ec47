"""Who wants GPUs, on which accelerators, for how long, and what each GPU-hour is worth.

A workload that holds GPUs now is a request too: its pool and its GPUs are those that it would have to leave.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="workload_requests",
    meaning="workloads that want GPUs",
    columns=(
        Column("workload", "text", "name of the workload"),
        Column("tenant", "text", "who pays for it: account, team or namespace"),
        Column("gpus", "integer", "accelerators wanted, counted on a type of throughput 1", unit="GPUs", least=0),
        Column(
            "gang",
            "integer",
            "accelerators that come together in one pool; null is 1",
            unit="GPUs",
            nullable=True,
            least=1,
        ),
        Column("accelerators", "text", "types it can use with their relative throughput, such as H20=1 L20=0.4"),
        Column("regions", "text", "regions it can use, by spaces; null is any", nullable=True),
        Column("contribution", "money", "contribution of a GPU-hour on the reference type", unit="currency"),
        Column("currency", "text", "currency of the amounts"),
        Column(
            "committed_gpus",
            "integer",
            "GPUs promised to it, counted as those wanted; null is none",
            unit="GPUs",
            nullable=True,
            least=0,
        ),
        Column(
            "term_months",
            "number",
            "months that its revenue is bound for; null is none",
            unit="months",
            nullable=True,
            least=0,
        ),
        Column("renewal", "number", "probability that it is renewed; null is none", unit="share", nullable=True),
        Column(
            "penalty", "money", "penalty for a promised GPU-hour not served", unit="currency", nullable=True, least=0
        ),
        Column("incumbent_pool", "text", "pool in which it holds GPUs now", nullable=True),
        Column("incumbent_gpus", "integer", "GPUs that it holds there", unit="GPUs", nullable=True, least=0),
        Column("submitted", "date", "day it was asked for; the day it was known", nullable=True),
        Column("needed_from", "date", "first day it is needed"),
        Column("needed_to", "date", "day after the last; null is open", nullable=True),
    ),
    key=("workload",),
    day="needed_from",
    until="needed_to",
    known="submitted",
)
