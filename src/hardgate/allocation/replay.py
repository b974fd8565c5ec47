"""The policy run over what came last week, beside first come, largest first and priority alone.

Everyone who asked then asks again, for as long; each policy serves them from the same pools. `hardgate allocate
--replay FILE` does the same with a trace of one's own. Wrong when whoever waits less would have asked for more.

Source: METHODS 7; `hardgate.models.allocation_replay` for the rules.

>>> exhibit.question
'What would the policy have done with what came last week, and what would others?'
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from hardgate.allocation.recorded import Recorded, recorded
from hardgate.core.percent import percent
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table

STEP, RESTART, GRACE = 3600.0, 600.0, 3600.0
"""Seconds: between two plans, of work that a preemption undoes, and that a promised workload may wait."""
SAID = (
    "the plan is solved once an hour at most, a preemption undoes 10 minutes of work, a promise is missed by waiting "
    "more than an hour or leaving; fairness is Jain's index over what share tenants got of what they asked for"
)


def build(evidence: Evidence) -> Table:
    """Build one row a policy."""
    found = recorded(evidence)
    return Table("", missing=found) if isinstance(found, str) else table(evidence, found, outcomes(evidence, found))


def outcomes(evidence: Evidence, found: Recorded) -> list[dict[str, Any]]:
    """Return what each policy does with a trace, the plan first."""
    inputs = {"jobs": found.jobs, "pools": found.pools, "times": (STEP, RESTART, GRACE)}
    replayed: list[dict[str, Any]] = evidence.kept("allocation replay", inputs, lambda: _replayed(found))
    return replayed


def _replayed(found: Recorded) -> list[dict[str, Any]]:
    from hardgate.models.allocation_replay import POLICIES, replay

    trace = found.trace()
    return [asdict(replay(trace, one, step=STEP, restart=RESTART, grace=GRACE)) for one in POLICIES]


def table(evidence: Evidence, found: Recorded, replayed: Sequence[Mapping[str, Any]]) -> Table:
    """Return outcomes as the exhibit has them."""
    return Table(
        sentence=_sentence(evidence.currency, found, replayed),
        headings=(
            Heading("policy"), Heading("durable revenue", "currency", 2), Heading("revenue", "currency", 2),
            Heading("promises missed", "", 0), Heading("preemptions", "", 0), Heading("fairness", "index", 3),
            Heading("served", "GPU-hours", 1), Heading("left", "GPU-hours", 1),
            Heading("undone by preemption", "GPU-hours", 1),
        ),
        rows=tuple(_row(one) for one in replayed),
        closing="; ".join(
            f"{one['policy']}: served {served:,.1f} + left {left:,.1f} = {asked:,.1f}"
            for one in replayed
            for served, left, asked in [_hours(one)]
        )
        + " GPU-hours asked for",
        closes=all(abs(one["served"] + one["left"] + one["unfinished"] - one["asked"]) < SLACK for one in replayed),
        notes=(*found.said, SAID),
        batches=found.batches,
    )  # fmt: skip


SLACK = 0.01
"""GPU-hours that three rounded figures may lack."""


def _hours(one: Mapping[str, Any]) -> tuple[float, float, float]:
    """Return the GPU-hours served, left and asked for as printed: left are those of who left or was not done."""
    served, asked = round(one["served"], 1), round(one["asked"], 1)
    return served, round(asked - served, 1), asked


def _row(one: Mapping[str, Any]) -> tuple[Cell, ...]:
    served, left, _ = _hours(one)
    return (
        one["policy"], round(one["durable_revenue"], 2), round(one["revenue"], 2), one["missed"], one["preemptions"],
        one["fairness"], served, left, round(one["lost"], 1) + 0.0,
    )  # fmt: skip


def _sentence(currency: str, found: Recorded, replayed: Sequence[Mapping[str, Any]]) -> str:
    plan, first = replayed[0], replayed[1]
    said = f"Over {found.window} the plan serves {currency} {plan['durable_revenue']:,.2f} of durable revenue"
    if first["durable_revenue"] > 0:
        more = plan["durable_revenue"] / first["durable_revenue"] - 1
        said += f", {percent(abs(more))} {'more' if more >= 0 else 'less'} than first come"
    missed = f"{plan['missed']:,} of {plan['promised']:,} promises missed against {first['missed']:,}"
    return f"{said}, with {missed} and {plan['preemptions']:,} preemptions."


def body_of(evidence: Evidence, found: Recorded) -> dict[str, Any]:
    """Return a replay as one mapping, its exhibit too."""
    replayed = outcomes(evidence, found)
    return {
        "window": found.window, "currency": evidence.currency, "workloads": len(found.jobs),
        "pools": [{"pool": name, "gpus": gpus} for name, gpus in found.pools], "notes": [*found.said, SAID],
        "policies": replayed,
        "table": table(evidence, found, replayed),
    }  # fmt: skip


exhibit = Exhibit(
    name="allocation.replay",
    question="What would the policy have done with what came last week, and what would others?",
    build=build,
)
