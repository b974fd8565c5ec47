"""The policy that `hardgate init` writes: every gate in shadow with its limits, and all else in comments.

Made from the gates and assumptions that there are. A number here is a start to be replaced by the operator's own; it is
an assumption wherever it is used, and says so.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from hardgate.core.terms import Action, Condition, Gate, Metric
from hardgate.review.assumptions import ASSUMPTIONS, Known
from hardgate.review.policy_checks import POOLS
from hardgate.review.policy_file import choices, limit_fields, options, share_limits

STARTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "capacity.utilization": {
        "rung": ("allocated", "all that a pools file knows; with telemetry write productive"),
    },
}
"""Limits that begin otherwise than the gate's own default, and why."""
FAMILIES: Mapping[str, Sequence[str]] = {
    "haircut": ("AAA", "none", "penalty", "convenience"),
    "architecture_cost": ("rag-starter",),
}
"""Keys that a family is shown with: a credit grade, and the termination rights of the table contracts; a template."""
COMMENT_COLUMN = 44

HEAD = """\
# The policy of this workspace: numbers and names only. Its digest stands in every packet.
# 72%, 72 % and 0.72 are the same. Unknown keys are mistakes; `hardgate review` shows all of them at once, each with
# its line, and `hardgate schema policy` prints a JSON Schema for editors.

confidence: 90%                             # of every interval
horizon: 26w                                # tranches whose commit date lies within it ask by themselves
roles: [capacity, finance, cfo]             # the roles that may stand below

# A gate is in one of three modes: shadow computes and records and holds nothing, advise is shown, block holds.
# Any gate may also set, in all or for a scope:
#   held_for: 4            evaluations (weeks) in a row that a condition must hold
#   band: 2 points         distance between entering PASS and leaving it
#   cool_down: 4w          weeks between leaving PASS and passing again
#   max_missing: 5%        largest share of a window without telemetry; max_missing_money: 0% for money
#   on_fail: refuse        a failure refuses the ask; without it the ask is held
#   unknown: waivable      lets UNKNOWN be waived; without it never
#   owner: capacity        who answers for the gate
# and as a whole: window: 8w, per: [region, accelerator]
gates:
"""

PLACES: Mapping[str, str] = {"region": "cn-north", "accelerator": "H20", "pool": "cn-north-h20", "tranche": "hall-4"}
"""How a scope is shown, by dimension."""

OWN = """\

# Gates of your own: one metric against one limit.
# own_gates:
#   - name: own.{metric}
#     metric: {metric}
#     at_least: 80%
#     opens: BUILD                          # without it the gate is a signal and holds nothing
"""

ASSUMED = """\

# Numbers that nobody measures. Where one is missing, what needs it is unknown. A source is printed beside the number:
#   power_price: {value: 0.08, source: "contract of 2026"}
assumptions:
"""

SIGN_OFF = """\

# Who must sign, by action and amount in the reporting currency; the row without up_to is the top one and is needed.
# A role that stands twice needs two people. Without a row for an action nobody may release it.
sign_off:
"""

TAIL = """\

# Who must all sign a waiver, and how long it may live. not_for: gates that cannot be waived; unknown: gates whose
# UNKNOWN can be.
waivers: {roles: [cfo], max_days: 90, not_for: [], unknown: []}

# Who may sign; `hardgate keys new` makes a key and prints its public half.
# signers:
#   - {name: li.wei, roles: [finance], up_to: 50 m, key: "ed25519:..."}
"""


def policy_text(gates: Mapping[str, Gate], metrics: Mapping[str, Metric]) -> str:
    """Return policy.yaml for these gates."""
    blocks = "\n".join(_gate(gate, metrics) for gate in gates.values()) if gates else "  # no gate is installed\n"
    shares = sorted(name for name, one in metrics.items() if one.at_most_one) or ["productive_utilization"]
    own = OWN.format(metric=shares[0])
    guarded = [action for action in Action if any(gate.guards(action) for gate in gates.values())]
    stated = "".join(_assumption(one) for one in ASSUMPTIONS)
    return HEAD + blocks + own + ASSUMED + stated + SIGN_OFF + "".join(map(_rungs, guarded)) + TAIL


def _gate(gate: Gate, metrics: Mapping[str, Metric]) -> str:
    opens = " or ".join(action for action in Action if gate.guards(action)) or "nothing: a signal"
    lines = [f"  # {gate.question}", f"  # Opens {opens}; judged on {', '.join(gate.per)} over {gate.window}."]
    lines += [f"  {gate.name}:", "    mode: shadow"]
    shares = share_limits(gate, metrics)
    told = dict(_told(gate))
    written = {}
    for name, _, _ in limit_fields(gate, metrics):
        value = _value(getattr(gate.limits, name), share=name in shares)
        why = told.get(name, "")
        value, why = STARTS.get(gate.name, {}).get(name, (value, why))
        written[name] = value
        lines.append(_line(f"    {name}: {value}" if value else f"    # {name}:", why))
    return "\n".join([*lines, *_scopes(gate, written, shares)]) + "\n"


def _scopes(gate: Gate, written: Mapping[str, str], shares: Collection[str]) -> Iterator[str]:
    """Yield how a limit and a mode are set for a part."""
    limit = next((name for name in written if name in shares), next(iter(written), "mode"))
    yield _line("    # scopes:", "the narrowest row that covers a scope wins")
    yield f"    #   - {{{gate.per[0]}: {PLACES.get(gate.per[0], '...')}, {limit}: {written.get(limit) or 'shadow'}}}"
    if POOLS & {*gate.per}:
        yield "    #   - {pool: cn-north-reserve, mode: shadow}"


def _line(text: str, comment: str) -> str:
    return f"{text:<{COMMENT_COLUMN - 1}} # {comment}" if comment else text


def _told(gate: Gate) -> Iterator[tuple[str, str]]:
    """Yield what each limit bounds."""
    names = {one.name for one in fields(gate.limits)}
    for choice in choices(gate.conditions):
        yield choice.by, f"one of: {', '.join(option for option, _ in choice.options)}"
    for condition in gate.conditions:
        limit, sense = _limit(condition)
        for metric in options(condition.metric):
            name = metric.name if metric.name in names else limit
            if isinstance(name, str):
                yield name, f"{sense}; {metric.meaning}"
            if condition.leaves:
                yield condition.leaves, f"where it ends to be {sense}; {metric.meaning}"


def _limit(condition: Condition) -> tuple[Any, str]:
    return (condition.at_least, "at least") if condition.at_least is not None else (condition.at_most, "at most")


def _value(value: object, *, share: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if share and isinstance(value, float | int):
        return f"{100 * value:.10g}%"
    return str(value)


def _assumption(one: Known) -> str:
    told = f"{one.meaning}; {one.unit}" if one.unit != "share" else one.meaning
    if one.family:
        keys = [f"  # {one.name}.{key}:" for key in FAMILIES[one.name]]
        return "".join(_line(key, told) + "\n" for key in keys)
    return _line(f"  {one.name}: {one.start}" if one.start else f"  # {one.name}:", told) + "\n"


def _rungs(action: Action) -> str:
    low = f"  - {{action: {action}, up_to: 10 m, roles: [capacity, finance]}}"
    return f"{low}\n  - {{action: {action}, roles: [capacity, finance, cfo]}}\n"
