"""Who held how many accelerators from when to when, and how it ended: pods or jobs of a scheduler.

A workload that never started has no start; its wait is demand that capacity did not serve.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="workload_allocations",
    meaning="allocation intervals of pods and jobs",
    columns=(
        Column("workload", "text", "pod or job"),
        Column("tenant", "text", "namespace, project or account", nullable=True),
        Column("cluster", "text", "cluster label", nullable=True),
        Column("node", "text", "node it ran on", nullable=True),
        Column("model", "text", "accelerator model asked for or given", nullable=True),
        Column(
            "pool",
            "text",
            "pool, where the export knows it; otherwise by rule",
            nullable=True,
        ),
        Column(
            "gpus",
            "number",
            "accelerators held; a share of one is allowed",
            unit="GPUs",
        ),
        Column("queued_at", "timestamp", "time it was asked for"),
        Column("start_at", "timestamp", "time it got its accelerators", nullable=True),
        Column(
            "end_at",
            "timestamp",
            "time it gave them back; null is still running",
            nullable=True,
        ),
        Column(
            "outcome",
            "text",
            "running, done, failed, preempted, restarted or denied",
            nullable=True,
        ),
        Column(
            "last_checkpoint_at",
            "timestamp",
            "time of its last checkpoint",
            nullable=True,
        ),
        Column(
            "restart_seconds",
            "number",
            "time lost to the restart",
            unit="s",
            nullable=True,
        ),
    ),
    key=("workload", "queued_at"),
    day="queued_at",
    until="end_at",
)
