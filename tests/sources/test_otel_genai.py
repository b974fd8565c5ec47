"""OpenTelemetry GenAI spans: flat JSON lines, OTLP JSON lines and CSV; token kinds come out disjoint."""

import json

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


def test_otlp_traces_are_read_span_by_span_and_tools_are_no_model_calls(read: Read) -> None:
    def attribute(key: str, value: object) -> dict[str, object]:
        return {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}

    call = [attribute("gen_ai.system", "anthropic"), attribute("gen_ai.request.model", "c")]
    call += [attribute("gen_ai.usage.input_tokens", 30), attribute("gen_ai.usage.output_tokens", 4)]
    spans = [
        {"spanId": "a", "startTimeUnixNano": "1788307200000000000", "attributes": call},
        {"spanId": "b", "startTimeUnixNano": "1788307200000000000", "attributes": [attribute("gen_ai.tool.name", "t")]},
    ]
    resource = {"attributes": [attribute("tenant.id", "k9"), attribute("service.name", "search")]}
    text = json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]})
    found, _ = read("otel_genai", text, TABLE, name="x.jsonl")
    assert found["usage_events"] == [("a", "k9", "search", "anthropic", "c", 30, 0, 0, 4, 0)]


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
