"""Counts of a whole pool over a period: what a scheduler or an owner reports when no single workloads are known.

Monthly rows are honest but coarse: readings on them use whole months.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="pool_usage",
    meaning="accelerators installed, allocated and waited for, by pool and period",
    columns=(
        Column("pool", "text", "pool"),
        Column("start_at", "timestamp", "start of the period, inclusive"),
        Column("end_at", "timestamp", "end of the period, exclusive"),
        Column("gpus", "number", "accelerators installed in the period", unit="GPUs"),
        Column(
            "allocated_gpu_hours",
            "number",
            "GPU-hours allocated in the period",
            unit="GPU-hours",
        ),
        Column(
            "queued_gpu_hours",
            "number",
            "GPU-hours asked for and not served",
            unit="GPU-hours",
            nullable=True,
        ),
    ),
    key=("pool", "start_at"),
    day="start_at",
    until="end_at",
)
