"""Measured throughput: tokens per second of one accelerator at work on one model, by kind of token."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="throughputs",
    meaning="tokens per second of an accelerator, by model and kind",
    columns=(
        Column("model", "text", "model"),
        Column("accelerator", "text", "accelerator type"),
        Column("kind", "text", "input, output, cache_read, cache_write or reasoning"),
        Column("tokens_per_second", "number", "of one accelerator", unit="tokens/s"),
        Column("measured_on", "date", "first day on which it holds"),
        Column("source", "text", "benchmark or log that it was read from", nullable=True),
    ),
    key=("model", "accelerator", "kind", "measured_on"),
    day="measured_on",
    register=True,
)
