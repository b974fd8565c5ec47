"""Spans of the OpenTelemetry GenAI conventions, exported as JSON lines, CSV or Parquet: one event a model call.

Attribute names of version 1.36 and later are known, and the older ones beside them. By convention the input tokens
include those read from and written to a cache, and the output tokens those spent on reasoning: they are taken out, so
that the kinds are disjoint. Where an instrumentation leaves cached tokens out of the input, as some APIs count them,
write cache = "apart". A kind that a span does not state is none of that kind; a count that does not add up is
rejected. Which attribute names the account, feature, product, pool, task or charge is said by options. Where spans say
their operation, those of tools, agents and retrievals are rows of their own (`genai_operations`); one of an operation
that is not known is rejected by its name, and one of no GenAI at all is left out and counted. Wrong when spans are
sampled: then say calls.

Source: OpenTelemetry semantic conventions for generative AI, gen_ai.usage.* (status Development in 2026).

>>> source.detect(["spanId", "gen_ai.request.model", "gen_ai.usage.input_tokens"])
True
"""

from collections.abc import Mapping, Sequence

from hardgate.core.errors import Misconfigured, nearest
from hardgate.engine.portable import literal
from hardgate.sources.genai_operations import ORCHESTRATION, Spans, count, stated, tokens, unless_beside
from hardgate.sources.source import COMMON_OPTIONS, Extract, Input, RawColumns, Source, plain
from hardgate.sources.tokens import Counted, kinds
from hardgate.sources.usage_log import COUNTS, beside_tokens

_OPERATION, _TOOL, _ERROR = "gen_ai.operation.name", "gen_ai.tool.name", "error.type"
_TRACE = ("traceId", "trace_id", "context.trace_id")
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
_CACHE = ("included", "apart")


def _detect(columns: Sequence[str]) -> bool:
    have = {plain(name) for name in columns}
    return any(plain(name) in have for name in _INPUT) and any(plain(name) in have for name in _MODEL)


def _extract(raw: RawColumns, given: Input) -> Mapping[str, Extract]:
    read, written = raw.require("the input tokens", *_INPUT), raw.require("the output tokens", *_OUTPUT)
    cache, stored, thought = (raw.first(*names) for names in (_READ, _WRITE, _REASONING))
    total = raw.first("gen_ai.usage.total_tokens")
    models = [found for found in (raw.first(name) for name in _MODEL) if found is not None]
    model, time = f"coalesce({', '.join(stated(one) for one in models)})", raw.require("the time of the call", *_TIME)
    columns = {
        "event": raw.require("the span's id", *_SPAN),
        "called_at": time,
        "provider": raw.first("gen_ai.provider.name", "gen_ai.system") or "null",
        "model": model,
        **beside_tokens(raw, given, NAMES, currency=("currency", "charge.currency"), called="attribute"),
    }
    operation, tool = raw.first(_OPERATION), raw.first(_TOOL)
    if operation is None and tool is None:
        counted = Counted(read, written, cache, stored, thought, total, _apart(given))
        return {"usage_events": Extract({**columns, **kinds(counted)}, where=f"{stated(read)} is not null", left=_LEFT)}
    spans = Spans(operation, tool, raw.first(*_TRACE), raw.first(_ERROR), read, model, time)
    cache, stored, thought = (None if one is None else unless_beside(one, "'0'") for one in (cache, stored, thought))
    whole = None if total is None else unless_beside(total)
    counted = Counted(tokens(read), tokens(written, none=True), cache, stored, thought, whole, _apart(given))
    return {"usage_events": _of_spans(raw, columns, spans, kinds(counted))}


_LEFT = "spans of no GenAI operation"
_SHARED = ("account", "feature", "product", "task")
"""What the spans of a trace have in common."""


def _of_spans(raw: RawColumns, columns: Mapping[str, str], spans: Spans, counts: Mapping[str, str]) -> Extract:
    """Return usage of spans that say their operation: calls, and what was done beside them."""
    shared = {ours: columns[ours] for ours in _SHARED if columns[ours] != "null"}
    told = f"concat('operation ', {stated(spans.operation or 'null')}, ', which is not known and states no tokens')"
    unknown = f"span_kind = 'unknown' and {stated(spans.tokens)} is null"
    own = {ours: count(ours, raw.first(ours)) for ours in COUNTS}
    if raw.first("retries") is None:
        own["retries"] = unless_beside("span_retries", "0")
    made = {
        **columns,
        **{ours: f"span_{ours}" for ours in shared},
        **own,
        **counts,
        "input_tokens": f"case when {unknown} then {told} else {counts['input_tokens']} end",
        "model": unless_beside(columns["model"], literal(ORCHESTRATION)),
        **{ours: unless_beside(columns[ours]) for ours in ("provider", "pool", "paid")},
        "calls": unless_beside(columns["calls"], "0"),
        "outcome": unless_beside(f"coalesce({columns['outcome']}, span_failed)"),
    }
    return Extract(made, rows=spans.rows(shared), where="span_kind is not null", left=_LEFT)


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
    version=2,
)
