"""From the text of policy.yaml to a `Policy`, or to every mistake in it.

The shape of the file is checked by the models of `policy_file`, what its parts say of each other by `policy_checks`.
Both report all that they find in one go, and a file with one mistake is not used at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hardgate.core.terms import Action, Condition, Gate, Metric
from hardgate.review import policy_checks, policy_rows, sign_off
from hardgate.review.mistakes import checked
from hardgate.review.places import Document, read_yaml
from hardgate.review.policy import Policy, Signer, WaiverRules
from hardgate.review.policy_file import MAY_BE_EMPTY, File, file_model

OWN_PER, OWN_WINDOW = ("region", "accelerator"), "8w"


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """The limit of a gate that policy.yaml defines itself."""

    limit: float


def read(file: str, text: str, gates: Mapping[str, Gate], metrics: Mapping[str, Metric]) -> Policy:
    """Read a policy; its digest is left to the caller, who has the bytes.

    Raises:
        Misconfigured: with every mistake.

    """
    document = read_yaml(file, text)
    found = checked(file_model(gates, metrics), document, MAY_BE_EMPTY)
    slips = policy_checks.slips(found.model, document, gates, metrics) if found.model is not None else ()
    return _policy(found.sound(document, slips), document, gates, metrics)


def _policy(model: Any, document: Document, gates: Mapping[str, Gate], metrics: Mapping[str, Metric]) -> Policy:  # noqa: ANN401  made at run time
    said = policy_rows.sections(model.gates)
    judged = {name: _as_set(gate, said[name]) if name in said else gate for name, gate in gates.items()}
    judged |= {own.name: own_gate(own, metrics) for own in model.own_gates or ()}
    rows = policy_rows.of_gates(model, document)
    return Policy(
        file=document.file,
        digest="",
        all_gates=dict(sorted(judged.items())),
        rows={name: tuple(row for _, row in of_gate) for name, of_gate in rows.items()},
        assumption_rows=tuple(row for _, row in policy_rows.of_assumptions(model.assumptions, document)),
        matrix=tuple(rung for _, rung in policy_rows.of_sign_off(model, document)),
        signers=tuple(
            Signer(one.name, tuple(one.roles), one.key, one.up_to, one.email or "") for one in model.signers or ()
        ),
        waivers=_waivers(model),
        roles=policy_checks.roles(model),
        **{name: getattr(model, name) for name in ("confidence", "horizon") if getattr(model, name) is not None},
    )


def _as_set(gate: Gate, said: Any) -> Gate:  # noqa: ANN401  made at run time
    """Return a gate with what policy sets for it as a whole."""
    changes = {"per": said.per and tuple(said.per), "window": said.window, "owner": said.owner}
    return replace(gate, **{name: value for name, value in changes.items() if value})


def own_gate(said: Any, metrics: Mapping[str, Metric]) -> Gate:  # noqa: ANN401  made at run time
    """Return a gate that policy.yaml defines itself."""
    metric = metrics[said.metric]
    sense = "at least" if said.at_least is not None else "at most"
    condition = Condition(metric, at_least="limit") if sense == "at least" else Condition(metric, at_most="limit")
    return Gate(
        name=said.name,
        question=said.question or f"Is {metric.name} {sense} its limit?",
        opens=Action(said.opens) if said.opens else None,
        per=tuple(said.per or OWN_PER),
        window=said.window or OWN_WINDOW,
        conditions=(condition,),
        limits=OwnLimits(said.at_least if sense == "at least" else said.at_most),
        owner=said.owner or "policy",
    )


def _waivers(model: File) -> WaiverRules:
    rules = model.waivers
    if rules is None:
        return WaiverRules()
    return WaiverRules(sign_off.roles(rules.roles), rules.max_days, frozenset(rules.not_for or ()))
