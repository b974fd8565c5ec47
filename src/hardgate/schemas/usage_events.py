"""Uses of AI features: one row a call, or a sum of calls of one account, feature and model.

The token kinds are disjoint: what was read from a cache is not in input, what was reasoned is not in output, and the
five add up to the provider's total.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="usage_events",
    meaning="calls of models with their tokens, by account and feature",
    columns=(
        Column("event", "text", "span, request or line of the log; unique"),
        Column("called_at", "timestamp", "time of the call"),
        Column("account", "text", "customer account"),
        Column("feature", "text", "feature that called", nullable=True),
        Column("product", "text", "product that it is sold under", nullable=True),
        Column("provider", "text", "who serves the model; null is our own pools", nullable=True),
        Column("model", "text", "model that answered; orchestration for what was done beside a call"),
        Column("pool", "text", "pool that served it; null is a hosted model", nullable=True),
        Column("task", "text", "task that the call belongs to", nullable=True),
        Column("outcome", "text", "success, or what happened instead", nullable=True),
        Column("calls", "integer", "calls that the row stands for; null is one", nullable=True, least=0),
        Column("input_tokens", "integer", "tokens read, without those of a cache", unit="tokens", least=0),
        Column("output_tokens", "integer", "tokens written, without reasoning", unit="tokens", least=0),
        Column("cache_read_tokens", "integer", "input tokens read from a cache", unit="tokens", least=0),
        Column("cache_write_tokens", "integer", "input tokens written to a cache", unit="tokens", least=0),
        Column("reasoning_tokens", "integer", "output tokens spent on reasoning", unit="tokens", least=0),
        Column(
            "total_tokens",
            "integer",
            "the provider's own total, to check against",
            unit="tokens",
            nullable=True,
            least=0,
        ),
        Column("steps", "integer", "agent steps", nullable=True, least=0),
        Column("retries", "integer", "calls of these that repeat a failed one", nullable=True, least=0),
        Column("tool_calls", "integer", "calls of tools", nullable=True, least=0),
        Column("vector_queries", "integer", "queries of a vector store", nullable=True, least=0),
        Column("guard_tokens", "integer", "tokens of guard models", unit="tokens", nullable=True, least=0),
        Column("egress_bytes", "integer", "bytes sent out", unit="bytes", nullable=True, least=0),
        Column("cpu_ms", "integer", "CPU time beside the model", unit="ms", nullable=True, least=0),
        Column("storage_byte_hours", "number", "storage held for it", unit="byte-hours", nullable=True, least=0),
        Column("paid", "money", "what was charged for it apart from seats", unit="currency", nullable=True),
        Column("currency", "text", "currency of what was charged", nullable=True),
    ),
    key=("event",),
    day="called_at",
    whole=(
        "total_tokens",
        ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens"),
    ),
)
