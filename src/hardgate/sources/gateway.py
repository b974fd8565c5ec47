"""Usage logs of a model gateway, such as LiteLLM's spend logs, or an API's own usage objects: one event a request.

Two ways of counting are told apart by the names: prompt_tokens (OpenAI's chat API, LiteLLM) and input_tokens with
input_tokens_details (OpenAI's responses API) include what was read from a cache; input_tokens beside
cache_read_input_tokens (Anthropic) leave it out. Reasoning is part of the output in all of them. Both come out as
disjoint kinds that add up to total_tokens where the log states it; a row that does not add up is rejected. Wrong where
a gateway renames one provider's counts to another's names without adding them up: its totals then do not fit, and
every row says so.

Source: OpenAI API reference, usage objects; Anthropic Messages API, usage; LiteLLM, spend logs.

>>> source.detect(["request_id", "startTime", "model", "prompt_tokens", "completion_tokens", "end_user"])
True
"""

from collections.abc import Mapping, Sequence

from hardgate.sources.source import COMMON_OPTIONS, Extract, Input, RawColumns, Source, plain
from hardgate.sources.tokens import Counted, kinds
from hardgate.sources.usage_log import beside_tokens

_ID = ("request_id", "id", "response_id", "call_id", "litellm_call_id")
_TIME = ("startTime", "start_time", "created", "created_at", "timestamp", "time", "at", "date")
_PROMPT = ("prompt_tokens", "usage.prompt_tokens")
_INPUT = ("input_tokens", "usage.input_tokens")
_OUTPUT = ("completion_tokens", "usage.completion_tokens", "output_tokens", "usage.output_tokens")
_CACHED = (
    "cached_tokens", "prompt_tokens_details.cached_tokens", "usage.prompt_tokens_details.cached_tokens",
    "input_tokens_details.cached_tokens", "usage.input_tokens_details.cached_tokens",
)  # fmt: skip
_READ = ("cache_read_input_tokens", "usage.cache_read_input_tokens", "cache_read_tokens")
_WRITE = ("cache_creation_input_tokens", "usage.cache_creation_input_tokens", "cache_write_tokens")
_REASONING = (
    "reasoning_tokens", "completion_tokens_details.reasoning_tokens",
    "usage.completion_tokens_details.reasoning_tokens", "output_tokens_details.reasoning_tokens",
    "usage.output_tokens_details.reasoning_tokens",
)  # fmt: skip
NAMES: Mapping[str, tuple[str, ...]] = {
    "account": ("account", "end_user", "team_id", "organization_id", "customer", "user", "project_id"),
    "feature": ("feature", "request_tag", "tag", "api_key_alias", "key_alias", "service"),
    "product": ("product",),
    "pool": ("pool",),
    "task": ("task", "session_id", "trace_id"),
    "paid": ("paid", "charged"),
    "calls": ("calls", "api_requests", "num_requests"),
}
"""Our column: the columns that may hold it where no option names one."""


def _detect(columns: Sequence[str]) -> bool:
    raw = RawColumns(tuple((name, "") for name in columns))
    if any(plain(name).startswith("genai") for name in columns):
        return False
    return all(raw.first(*names) is not None for names in (_ID, ("model",), (*_PROMPT, *_INPUT), _OUTPUT))


def _extract(raw: RawColumns, given: Input) -> Mapping[str, Extract]:
    read = raw.require("the tokens read", *_PROMPT, *_INPUT)
    apart = raw.first(*_PROMPT) is None and raw.first(*_CACHED) is None and raw.first(*_READ) is not None
    counted = Counted(
        read,
        raw.require("the tokens written", *_OUTPUT),
        raw.first(*_CACHED, *_READ),
        raw.first(*_WRITE),
        raw.first(*_REASONING),
        raw.first("total_tokens", "usage.total_tokens"),
        cache_apart=apart,
    )
    columns = {
        "event": raw.require("the request's id", *_ID),
        "called_at": raw.require("the time of the request", *_TIME),
        "provider": raw.first("custom_llm_provider", "provider") or "null",
        "model": raw.require("the model", "model"),
        "outcome": _outcome(raw),
        **beside_tokens(raw, given, NAMES),
        **kinds(counted),
    }
    return {"usage_events": Extract(columns)}


def _outcome(raw: RawColumns) -> str:
    """Return what the log says of a request's outcome; success in any of its spellings is success."""
    found = raw.first("outcome", "status", "response_status")
    if found is None:
        return "null"
    said = f"lower(trim(cast({found} as varchar)))"
    return f"case when {said} in ('success', 'succeeded', 'completed', 'ok', '200') then 'success' else {said} end"


source = Source(
    name="gateway",
    meaning="usage logs of a model gateway (LiteLLM) or of a model API (OpenAI's or Anthropic's counts)",
    tables=("usage_events",),
    detect=_detect,
    extract=_extract,
    options=(*COMMON_OPTIONS, *NAMES),
)
