"""JSON lines as flat records: an object a line, nested names joined by dots; OTLP traces become one record a span.

Attributes stand under their own names, whether they are an object or OTLP's list of keys and values. A list of anything
else stays as JSON text. Wrong for one JSON array over many lines: write one object a line.

>>> list(flat({"usage": {"prompt_tokens": 3}, "attributes": {"gen_ai.request.model": "m"}}))
[{'usage.prompt_tokens': '3', 'gen_ai.request.model': 'm'}]
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

ATTRIBUTES = ("attributes", "resource.attributes", "Attributes")


def records(lines: Iterator[str]) -> Iterator[tuple[int, list[dict[str, str]] | str, str]]:
    """Yield the number of each line that is not blank, its records or what is wrong with it, and its text."""
    for at, line in enumerate(lines, start=1):
        if line.strip():
            yield at, _parsed(line), line.rstrip("\n")


def _parsed(line: str) -> list[dict[str, str]] | str:
    try:
        found = json.loads(line, parse_float=str, parse_int=str)
    except ValueError as error:
        return f"not JSON: {error}"
    return list(flat(found)) if isinstance(found, dict) else "expected an object, as in {...}"


def flat(found: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield the flat records of one object: itself, or the spans of an OTLP export."""
    resources = found.get("resourceSpans") or found.get("resource_spans")
    if not isinstance(resources, list):
        yield _cells(found)
        return
    for resource in resources:
        shared = _cells({"attributes": (resource.get("resource") or {}).get("attributes")})
        for scope in resource.get("scopeSpans") or resource.get("scope_spans") or ():
            for span in scope.get("spans") or ():
                yield {**shared, **_cells(span)}


def _cells(value: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, one in value.items():
        path = f"{prefix}{name}"
        inside = _pairs(one) if path in ATTRIBUTES else one
        if isinstance(inside, Mapping):
            found |= _cells(inside, "" if path in ATTRIBUTES else f"{path}.")
        elif inside is not None:
            found[path] = _text(inside)
    return found


def _pairs(value: Any) -> Any:  # noqa: ANN401  JSON
    """Return OTLP's list of {key, value: {intValue: ...}} as an object."""
    if not isinstance(value, list):
        return value
    found = {}
    for one in value:
        if isinstance(one, Mapping) and "key" in one:
            held = one.get("value")
            found[str(one["key"])] = next(iter(held.values()), None) if isinstance(held, Mapping) else held
    return found


def _text(value: Any) -> str:  # noqa: ANN401  JSON
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
