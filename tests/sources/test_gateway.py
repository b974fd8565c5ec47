"""Gateway logs: OpenAI's counts include the cache, Anthropic's leave it out; both come out disjoint."""

import json

from tests.sources.conftest import Read

TOKENS = "input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens"


def test_litellm_spend_logs(read: Read) -> None:
    text = """
    request_id,startTime,model,custom_llm_provider,end_user,prompt_tokens,completion_tokens,cached_tokens,reasoning_tokens,total_tokens,status,spend
    r1,2026-09-01 00:00:00,gpt-x,openai,k1,1000,300,600,100,1300,success,0.01
    r2,2026-09-01 00:00:00,gpt-x,openai,k1,1000,300,,,1301,failure,0.01
    """
    found, report = read("auto", text, {"usage_events": f"event, account, provider, outcome, {TOKENS}, total_tokens"})
    assert found["usage_events"] == [("r1", "k1", "openai", "success", 400, 600, 0, 200, 100, 1300)]
    assert report.rejected == 1  # 1,000 and 300 are not 1,301


def test_usage_objects_of_two_apis_agree_on_what_was_read(read: Read) -> None:
    shared = {"created": 1788307200, "model": "m", "user": "k"}
    openai = {
        "prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050,
        "prompt_tokens_details": {"cached_tokens": 900}, "completion_tokens_details": {"reasoning_tokens": 20},
    }  # fmt: skip
    found, _ = read(
        "auto", json.dumps({"id": "a", **shared, "usage": openai}), {"usage_events": TOKENS}, name="a.jsonl"
    )
    assert found["usage_events"] == [(100, 900, 0, 30, 20)]
    anthropic = {
        "input_tokens": 100,
        "cache_read_input_tokens": 850,
        "cache_creation_input_tokens": 50,
        "output_tokens": 50,
    }
    found, _ = read(
        "auto",
        json.dumps({"id": "b", **shared, "usage": anthropic}),
        {"usage_events": f"event, {TOKENS}"},
        name="b.jsonl",
    )
    assert found["usage_events"][1] == ("b", 100, 850, 50, 50, 0)
    assert sum(found["usage_events"][1][1:]) == 1050
