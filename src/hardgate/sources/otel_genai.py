"""Spans of the OpenTelemetry GenAI conventions, exported as JSON lines, CSV or Parquet: one event a model call.

Attribute names of version 1.36 and later are known, and the older ones beside them. By convention the input tokens
include those read from and written to a cache, and the output tokens those spent on reasoning: they are taken out, so
that the kinds are disjoint. Where an instrumentation leaves cached tokens out of the input, as some APIs count them,
write cache = "apart". A kind that a span does not state is none of that kind; a count that does not add up is
rejected. Which attribute names the account, feature, product, pool, task or charge is said by options. Spans without
token counts (tools, agents) are left out. Wrong when spans are sampled: then say calls.

Source: OpenTelemetry semantic conventions for generative AI, gen_ai.usage.* (status Development in 2026).

>>> source.detect(["spanId", "gen_ai.request.model", "gen_ai.usage.input_tokens"])
True
"""

from collections.abc import Mapping, Sequence

from hardgate.core.errors import Misconfigured, nearest
from hardgate.engine.portable import literal
from hardgate.sources.source import COMMON_OPTIONS, Extract, Input, RawColumns, Source, plain
from hardgate.sources.tokens import Counted, kinds, number

_SPAN = ("spanId", "span_id", "context.span_id", "id")
_TIME = ("startTimeUnixNano", "start_time_unix_nano", "start_time", "startTime", "timestamp", "time")
_MODEL = ("gen_ai.response.model", "gen_ai.request.model")
_INPUT = ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
_OUTPUT = ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens")
_READ = (
    "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens", "gen_ai.usage.cached_tokens",
    "gen_ai.usage.input_tokens.cached",
)  # fmt: skip
_WRITE = (
    "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.input_tokens.cache_write",
)  # fmt: skip
_REASONING = (
    "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens", "gen_ai.usage.output_tokens.reasoning",
)  # fmt: skip
NAMES: Mapping[str, tuple[str, ...]] = {
    "account": ("account", "account.id", "customer.id", "tenant.id", "enduser.id", "user.id"),
    "feature": ("feature", "feature.name", "gen_ai.agent.name", "service.name"),
    "product": ("product", "product.id"),
    "pool": ("pool", "server.pool"),
    "task": ("task", "task.id", "gen_ai.conversation.id"),
    "outcome": ("outcome", "task.outcome"),
    "paid": ("paid", "charge.amount"),
    "calls": ("calls", "count"),
}
"""Our column: the attributes that may hold it where no option names one."""
_COUNTS = ("steps", "retries", "tool_calls", "vector_queries", "guard_tokens", "egress_bytes", "cpu_ms")
_CACHE = ("included", "apart")


def _detect(columns: Sequence[str]) -> bool:
    have = {plain(name) for name in columns}
    return any(plain(name) in have for name in _INPUT) and any(plain(name) in have for name in _MODEL)


def _extract(raw: RawColumns, given: Input) -> Mapping[str, Extract]:
    read = raw.require("the input tokens", *_INPUT)
    counted = Counted(
        read,
        raw.require("the output tokens", *_OUTPUT),
        raw.first(*_READ),
        raw.first(*_WRITE),
        raw.first(*_REASONING),
        raw.first("gen_ai.usage.total_tokens"),
        cache_apart=_apart(given),
    )
    models = [found for found in (raw.first(name) for name in _MODEL) if found is not None]
    columns = {
        "event": raw.require("the span's id", *_SPAN),
        "called_at": raw.require("the time of the call", *_TIME),
        "provider": raw.first("gen_ai.provider.name", "gen_ai.system") or "null",
        "model": f"coalesce({', '.join(_stated(one) for one in models)})",
        "currency": raw.first("currency", "charge.currency") or literal(given.options.get("currency")),
        "storage_byte_hours": raw.first("storage_byte_hours") or "null",
        **{ours: _named(raw, given, ours) for ours in NAMES},
        **{ours: raw.first(ours) or "null" for ours in _COUNTS},
        **kinds(counted),
    }
    if columns["account"] == "null":
        columns["account"] = raw.require("the account", *NAMES["account"])
    return {"usage_events": Extract(columns, where=f"{number(read)} is not null or {read} is not null")}


def _stated(column: str) -> str:
    return f"nullif(trim(cast({column} as varchar)), '')"


def _named(raw: RawColumns, given: Input, ours: str) -> str:
    """Return the attribute that an option names, or one that usually holds it."""
    said = given.options.get(ours)
    if said is None:
        return raw.first(*NAMES[ours]) or "null"
    found = raw.first(said)
    if found is None:
        raise Misconfigured(f"{ours} = {said!r}: the file has no such attribute; {nearest(said, raw.names)}")
    return found


def _apart(given: Input) -> bool:
    said = given.options.get("cache", _CACHE[0])
    if said not in _CACHE:
        raise Misconfigured(f"cache = {said!r}: expected included (the convention) or apart; {nearest(said, _CACHE)}")
    return said == "apart"


source = Source(
    name="otel_genai",
    meaning="OpenTelemetry GenAI spans as JSON lines, CSV or Parquet",
    tables=("usage_events",),
    detect=_detect,
    extract=_extract,
    options=(*COMMON_OPTIONS, "cache", *NAMES),
)
