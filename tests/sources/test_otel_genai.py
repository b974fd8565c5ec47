"""OpenTelemetry GenAI spans: flat JSON lines, OTLP JSON lines and CSV; token kinds come out disjoint."""

import json
from collections.abc import Mapping

import pytest

from hardgate.core.errors import Misconfigured
from tests.sources.conftest import Read

TOKENS = "input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens"
TABLE = {"usage_events": f"event, account, feature, provider, model, {TOKENS}"}


def span(number: int, **attributes: object) -> str:
    shared = {
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "m",
        "account.id": "k1",
        "gen_ai.agent.name": "f",
    }
    return json.dumps(
        {"spanId": f"s{number}", "startTimeUnixNano": "1788307200000000000", "attributes": {**shared, **attributes}}
    )


def test_cached_and_reasoned_tokens_leave_what_they_were_counted_in(read: Read) -> None:
    usage = {
        "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.cache_read.input_tokens": 800,
        "gen_ai.usage.cache_creation.input_tokens": 50, "gen_ai.usage.output_tokens": 200,
        "gen_ai.usage.reasoning.output_tokens": 120, "gen_ai.response.model": "m-2026",
    }  # fmt: skip
    text = "\n".join([span(1, **usage), span(2, **{"gen_ai.usage.input_tokens": 5, "gen_ai.usage.output_tokens": 7})])
    found, report = read("auto", text, TABLE, name="x.jsonl")
    assert found["usage_events"] == [
        ("s1", "k1", "f", "openai", "m-2026", 150, 800, 50, 80, 120),
        ("s2", "k1", "f", "openai", "m", 5, 0, 0, 7, 0),
    ]
    assert sum(found["usage_events"][0][5:]) == 1000 + 200  # the provider's total
    assert report.rejected == 0


def attribute(key: str, value: object) -> dict[str, object]:
    return {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}


def otlp(*spans: tuple[str, str, Mapping[str, object]], **shared: object) -> str:
    """Spans as OTLP exports them: (id, trace, attributes), a second apart, with attributes of their resource."""
    told = [
        {"spanId": name, "traceId": trace, "startTimeUnixNano": str(1788307200000000000 + at * 10**9),
         "attributes": [attribute(key, value) for key, value in attributes.items()]}
        for at, (name, trace, attributes) in enumerate(spans)
    ]  # fmt: skip
    resource = {"attributes": [attribute(key.replace("_", "."), value) for key, value in shared.items()]}
    return json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": told}]}]})


OPERATION, TOOL, ERROR = "gen_ai.operation.name", "gen_ai.tool.name", "error.type"
USAGE = {"gen_ai.usage.input_tokens": 30, "gen_ai.usage.output_tokens": 4}
CHAT: dict[str, object] = {OPERATION: "chat", "gen_ai.system": "anthropic", "gen_ai.request.model": "c", **USAGE}


def test_otlp_traces_are_read_span_by_span_and_a_tool_is_a_row_without_tokens(read: Read) -> None:
    call = {name: value for name, value in CHAT.items() if name != OPERATION}
    text = otlp(("a", "t1", call), ("b", "t1", {TOOL: "t"}), tenant_id="k9", service_name="search")
    found, _ = read("otel_genai", text, {"usage_events": f"{TABLE['usage_events']}, calls, tool_calls"}, name="x.jsonl")
    assert found["usage_events"] == [
        ("a", "k9", "search", "anthropic", "c", 30, 0, 0, 4, 0, None, 0),
        ("b", "k9", "search", None, "orchestration", 0, 0, 0, 0, 0, 0, 1),
    ]


COUNTS = {
    "usage_events": "event, account, model, input_tokens, output_tokens, calls, steps, retries, tool_calls, outcome"
}


def test_an_agent_its_calls_its_retry_and_its_tools_are_counted_once_each(read: Read) -> None:
    """The agent states the tokens of its two calls again; the second call repeats the first, which ended in an error.

    The account stands on the agent alone and holds for its trace; nobody says whose the lone tool is.
    """
    agent = {
        OPERATION: "invoke_agent",
        "account.id": "k1",
        "gen_ai.usage.input_tokens": 60,
        "gen_ai.usage.output_tokens": 8,
    }
    failed = {OPERATION: "chat", "gen_ai.request.model": "c", ERROR: "timeout"}
    text = otlp(
        ("a", "t1", agent), ("b", "t1", failed), ("c", "t1", CHAT), ("d", "t1", {OPERATION: "execute_tool", TOOL: "x"}),
        ("e", "t2", {OPERATION: "execute_tool", TOOL: "y"}), ("f", "t1", {"http.request.method": "GET"}),
    )  # fmt: skip
    found, report = read("otel_genai", text, COUNTS, name="x.jsonl")
    assert found["usage_events"] == [
        ("a", "k1", "orchestration", 0, 0, 0, 1, 0, 0, None),
        ("b", "k1", "c", 0, 0, None, 0, 0, 0, "timeout"),
        ("c", "k1", "c", 30, 4, None, 0, 1, 0, None),
        ("d", "k1", "orchestration", 0, 0, 0, 0, 0, 1, None),
        ("e", None, "orchestration", 0, 0, 0, 0, 0, 1, None),
    ]
    assert report.left_out == (("x.jsonl", 1, "spans of no GenAI operation"),)


def test_an_agent_whose_calls_nobody_traced_stands_for_them(read: Read) -> None:
    agent = {OPERATION: "invoke_agent", "account.id": "k1", "gen_ai.request.model": "c", **USAGE}
    found, _ = read("otel_genai", otlp(("a", "t1", agent)), COUNTS, name="x.jsonl")
    assert found["usage_events"] == [("a", "k1", "c", 30, 4, None, 1, None, None, None)]


def test_what_no_span_of_a_file_is_of_is_not_counted(read: Read) -> None:
    found, _ = read("otel_genai", otlp(("a", "t1", {**CHAT, "account.id": "k1"})), COUNTS, name="x.jsonl")
    assert found["usage_events"] == [("a", "k1", "c", 30, 4, None, None, None, None, None)]


def test_counts_on_the_calls_are_taken_and_spans_beside_them_count_nothing_again(read: Read) -> None:
    call = {**CHAT, "account.id": "k1", "tool_calls": 2}
    text = otlp(("a", "t1", call), ("b", "t1", {OPERATION: "execute_tool", TOOL: "x"}))
    found, _ = read("otel_genai", text, {"usage_events": "event, tool_calls"}, name="x.jsonl")
    assert found["usage_events"] == [("a", 2), ("b", 0)]


def test_an_operation_that_is_not_known_is_rejected_by_its_name_and_a_call_without_tokens_stays(read: Read) -> None:
    silent = {name: value for name, value in CHAT.items() if name not in USAGE}
    text = otlp(("a", "t1", {**CHAT, "account.id": "k1"}), ("b", "t1", {OPERATION: "dream"}), ("c", "t1", silent))
    found, report = read("otel_genai", text, {"usage_events": "event, input_tokens"}, name="x.jsonl")
    assert found["usage_events"] == [("a", 30), ("c", None)]
    assert report.rejected == 1


def test_embeddings_write_nothing(read: Read) -> None:
    call = {OPERATION: "embeddings", "gen_ai.request.model": "e", "account.id": "k1", "gen_ai.usage.input_tokens": 9}
    text = otlp(("a", "t1", call), ("b", "t2", {**CHAT, "account.id": "k2"}))
    found, _ = read("otel_genai", text, {"usage_events": "event, input_tokens, output_tokens"}, name="x.jsonl")
    assert found["usage_events"] == [("a", 9, 0), ("b", 30, 4)]


def test_an_instrumentation_that_counts_the_cache_apart_says_so(read: Read) -> None:
    head = "span_id,start_time,tenant.id,gen_ai.request.model,gen_ai.usage.input_tokens,gen_ai.usage.cache_read.input_tokens,gen_ai.usage.output_tokens"
    found, _ = read("auto", f"{head}\ns1,2026-09-01T00:00:00Z,k,c,100,900,10", {"usage_events": TOKENS}, cache="apart")
    assert found["usage_events"] == [(100, 900, 0, 10, 0)]
    with pytest.raises(Misconfigured, match="did you mean 'apart'"):
        read("otel_genai", f"{head}\ns1,2026-09-01T00:00:00Z,k,c,1,2,3", TABLE, name="y.csv", cache="appart")


def test_more_cached_than_read_does_not_add_up_and_is_rejected(read: Read) -> None:
    usage = {
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.cache_read.input_tokens": 80,
        "gen_ai.usage.output_tokens": 1,
    }
    found, report = read("auto", "\n".join([span(1, **usage), "{broken"]), TABLE, name="x.jsonl")
    assert found["usage_events"] == []
    assert report.rejected == 2


def test_options_name_the_attributes_of_ones_own(read: Read) -> None:
    usage = {"gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 1, "shop": "k7", "app.screen": "help"}
    found, _ = read(
        "auto",
        span(1, **usage),
        {"usage_events": "account, feature"},
        name="x.jsonl",
        account="shop",
        feature="app.screen",
    )
    assert found["usage_events"] == [("k7", "help")]
    with pytest.raises(Misconfigured, match="no such attribute"):
        read("otel_genai", span(1, **usage), TABLE, name="y.jsonl", account="shops")
