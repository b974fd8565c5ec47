"""What a span of the GenAI conventions stands for, in SQL: a call of a model, a tool, an agent, a retrieval or nothing.

A span that calls a tool, invokes an agent or asks a store is a row of usage of its own, of the model "orchestration"
and with no tokens. Where the file states counts on the calls themselves, these are taken and the spans count nothing
beside them, so that nothing counts twice; a kind that no span of the file is of is not counted, which is not none. An
agent's tokens are those of the calls in its trace, where there are any. A call that ended in an error without tokens
used none; the next call of that model in the trace repeats it. Account, feature, product and task come from the trace
where a span does not state them and its trace states one. Wrong for traces that are split over files.

Source: OpenTelemetry semantic conventions for generative AI, gen_ai.operation.name (status Development in 2026).

>>> spans = Spans('"op"', None, None, None, '"in"', '"m"', '"t"')
>>> "'execute_tool'" in spans.kind
True
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from hardgate.engine.portable import literal

ORCHESTRATION = "orchestration"
CALLS = ("chat", "text_completion", "generate_content", "embeddings")
OPERATIONS: Mapping[str, str] = {
    **dict.fromkeys(CALLS, "call"), "execute_tool": "tool", "invoke_agent": "agent", "invoke_workflow": "agent",
    "retrieval": "retrieval", "create_agent": "nothing",
}  # fmt: skip
COUNTED: Mapping[str, str] = {"tool_calls": "tool", "steps": "agent", "vector_queries": "retrieval"}
"""Our count: the kind of span of which each is one."""


def stated(column: str) -> str:
    """Return SQL for a foreign cell as text, null where it is empty."""
    return f"nullif(trim(cast({column} as varchar)), '')"


@dataclass(frozen=True)
class Spans:
    """The columns of a file that tell what its spans are, quoted for SQL; None where it has none."""

    operation: str | None
    tool: str | None
    trace: str | None
    error: str | None
    tokens: str
    model: str
    time: str

    @property
    def kind(self) -> str:
        """SQL for what a row is: call, tool, agent, retrieval, nothing, unknown; null for a span of no GenAI."""
        said = "null" if self.operation is None else f"lower({stated(self.operation)})"
        known = " ".join(f"when {said} = {literal(name)} then {literal(kind)}" for name, kind in OPERATIONS.items())
        tool = "" if self.tool is None else f" when {stated(self.tool)} is not null then 'tool'"
        counts = f"{stated(self.tokens)} is not null"
        return f"case {known} when {counts} then 'call' when {said} is not null then 'unknown'{tool} end"

    @cached_property
    def partition(self) -> str:
        """What holds the spans of one trace together."""
        return "" if self.trace is None else f"partition by {self.trace}"

    def rows(self, shared: Mapping[str, str]) -> str:
        """Return a SELECT over {raw} with what each span is, what its trace and file hold, and who shares it."""
        tells = f"{stated(self.tokens)} is not null as span_tells"
        parts = ["*", f"count(*) filter (where span_kind = 'call') over ({self.partition}) as span_calls"]
        parts += [
            f"count(*) filter (where span_kind = {literal(kind)}) over () as span_{kind}s" for kind in COUNTED.values()
        ]
        parts += [f"{self._of_trace(column)} as span_{ours}" for ours, column in shared.items()]
        failed = "null" if self.error is None else stated(self.error)
        if self.trace is not None and self.error is not None:
            same = f"partition by {self.trace}, span_kind, {self.model} order by {self.time}"
            parts.append(f"case when lag({failed}) over ({same}) is not null then 1 else 0 end as span_retries")
        else:
            parts.append("null as span_retries")
        told = f"{', '.join(parts)}, {failed} as span_failed"
        return f"select {told} from (select *, {self.kind} as span_kind, {tells} from {{raw}})"  # noqa: S608  quoted

    def _of_trace(self, column: str) -> str:
        """Return SQL for a cell, or the one that all spans of its trace state."""
        mine = stated(column)
        if self.trace is None:
            return mine
        least, most = (f"{how}({mine}) over ({self.partition})" for how in ("min", "max"))
        return f"coalesce({mine}, case when {least} = {most} then {least} end)"


BESIDE = (
    "(span_kind in ('tool', 'retrieval', 'nothing') or (span_kind = 'agent' and (span_calls > 0 or not span_tells)))"
)
"""Tells a row that is no call of a model; an agent without calls in its trace stands for the call itself."""


def tokens(column: str, *, none: bool = False) -> str:
    """Return SQL for a count of tokens: none beside a model, and none of a failed call that states none.

    `none` is for a kind that a call may leave out, as embeddings do with what they write.
    """
    lacking = f"{stated(column)} is null" + ("" if none else " and (span_failed is not null or span_kind = 'unknown')")
    return f"case when {BESIDE} or ({lacking}) then '0' else cast({column} as varchar) end"


def unless_beside(value: str, beside: str = "null") -> str:
    """Return SQL for a cell of a call, and what stands in its place beside one."""
    return f"case when {BESIDE} then {beside} else {value} end"


def count(ours: str, column: str | None) -> str:
    """Return SQL for one of our counts: as the file states it, else one a span of its kind."""
    if column is not None:
        return (
            f"case when {BESIDE} then coalesce(try_cast({column} as bigint), 0) else try_cast({column} as bigint) end"
        )
    if ours not in COUNTED:
        return "null"
    kind = COUNTED[ours]
    return f"case when span_kind = {literal(kind)} then 1 when {BESIDE} or span_{kind}s > 0 then 0 end"
