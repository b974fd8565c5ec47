"""DCGM samples.

One row a device, time and numeric field id (1002 SM activity, 1001 graphics engine, 203 GPU utilization).

Keyed on field ids since names changed between releases. Field 203 is stored as a share, not as percent.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="accelerator_samples",
    meaning="samples of accelerator activity",
    columns=(
        Column("device", "text", "GPU UUID"),
        Column("host", "text", "host name", nullable=True),
        Column("cluster", "text", "cluster label", nullable=True),
        Column("model", "text", "accelerator model", nullable=True),
        Column("time", "timestamp", "time of the sample, UTC"),
        Column("field", "integer", "numeric DCGM field id"),
        Column("value", "number", "value as a share of 1", unit="share"),
        Column(
            "workload",
            "text",
            "pod or job that holds the device; null is idle or unknown to the exporter",
            nullable=True,
        ),
    ),
    key=("device", "time", "field"),
    day="time",
    every="day",
)
