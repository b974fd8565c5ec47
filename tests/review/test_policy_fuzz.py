"""Whatever stands in policy.yaml, it is read or every mistake is told with its place; nothing else happens."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hardgate.core.errors import Misconfigured, Mistake
from hardgate.review.policy import parse
from tests.review.made import GATES, METRICS

SOUND: dict[str, Any] = {
    "confidence": "90%",
    "horizon": "26w",
    "roles": ["capacity", "finance", "cfo"],
    "gates": {
        "capacity.fill": {
            "mode": "block",
            "full": "75%",
            "rung": "sold",
            "held_for": 4,
            "band": "2 points",
            "per": ["region", "accelerator"],
            "scopes": [{"region": "cn-north", "full": 0.7}, {"accelerator": "H20", "full": 0.7, "mode": "advise"}],
        },
        "capacity.covered": {"cover": 1.2, "top": 3, "strict": True, "unknown": "waivable"},
    },
    "assumptions": {
        "discount_rate": "12%",
        "power_price": {"value": 0.08, "source": "contract"},
        "haircut.A": 0.9,
        "scopes": [{"pool": "hall-4", "power_price": 0.05}],
    },
    "own_gates": [{"name": "own.full", "metric": "full", "at_least": 0.8, "opens": "BUILD", "scopes": [{"region": "a", "at_least": 0.7}]}],
    "sign_off": [{"action": "BUILD", "up_to": "10 m", "roles": ["finance"]}, {"action": "BUILD", "roles": ["cfo"]}],
    "waivers": {"roles": ["cfo"], "max_days": 90, "not_for": ["capacity.covered"], "unknown": ["own.full"]},
    "signers": [{"name": "li.wei", "roles": ["finance"], "key": f"ed25519:{'A' * 43}="}],
}  # fmt: skip


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for name, one in below for deeper in paths(one, (*path, name)))]


leaves = st.sampled_from(
    [None, True, 0, 1, -1, 7.5, "", "x", "75%", "cfo", "BUILD", "capacity.fill", "own.full", "region"]
)
junk = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["mode", "region", "value", "x"]), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    data: Any = copy.deepcopy(SOUND)
    for _ in range(draw(st.integers(0, 4))):
        path = draw(st.sampled_from(paths(data)))
        what = draw(st.sampled_from(["replace", "replace", "remove", "add"]))
        if not path:
            continue
        here = data
        for step in path[:-1]:
            here = here[step]
        if what == "remove":
            del here[path[-1]]
        elif what == "add" and isinstance(here, dict):
            here[draw(st.sampled_from(["mode", "scopes", "region", "roles", "city", "x"]))] = draw(junk)
        else:
            here[path[-1]] = draw(junk)
    return data


def test_the_sound_file_is_sound() -> None:
    assert list(parse("policy.yaml", json.dumps(SOUND).encode(), GATES, METRICS).gates())[-1] == "own.full"


@settings(max_examples=50, deadline=None)
@given(spoilt())
def test_a_spoilt_file_is_read_or_every_mistake_has_its_place(data: Any) -> None:
    text = json.dumps(data, indent=1)
    lines = text.splitlines()
    mistakes = told(text)
    assert [one.source for one in mistakes] == [lines[one.line - 1].rstrip() for one in mistakes]
    assert all(1 <= one.column <= len(lines[one.line - 1]) + 1 for one in mistakes)
    assert len(set(mistakes)) == len(mistakes)


def told(text: str) -> tuple[Mistake, ...]:
    """Return the mistakes of a policy; a sound one has every gate."""
    try:
        found = parse("policy.yaml", text.encode(), GATES, METRICS)
    except Misconfigured as error:
        return error.mistakes
    assert set(GATES) <= set(found.gates())
    return ()
