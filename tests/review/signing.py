"""People with keys, a policy that names them, and a ledger to sign in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hardgate.core.terms import (
    EVERYTHING,
    Action,
    Ask,
    Decision,
    Gate,
    Mode,
    Needed,
    Outcome,
    Scope,
    Signature,
    State,
    Verdict,
    Waiver,
)
from hardgate.ledger.signatures import new_key
from hardgate.ledger.store import Ledger
from hardgate.review.decide import Consequence, decide
from hardgate.review.policy import Policy, Signer, WaiverRules
from hardgate.review.scoped import Row
from hardgate.review.sign import APPROVE, Counted, sign, signatures_for
from hardgate.review.sign_off import Rung, roles
from hardgate.review.waivers import Terms

AS_OF = date(2026, 9, 7)
NOW = datetime(2026, 9, 8, 9, 0)
POOL = Scope.of(region="cn-north", accelerator="H20")
PACKET = "ab" * 32
ASK = Ask("hall-4", Action.BUILD, POOL, "zhao.min", Decimal(1_200_000_000), "RMB", date(2026, 12, 1))
MILLION = Decimal(1_000_000)

PEOPLE: Mapping[str, tuple[tuple[str, ...], Decimal | None]] = {
    "li.wei": (("finance",), None),
    "wu.lan": (("capacity", "finance"), None),
    "chen.jie": (("cfo",), None),
    "sun.yu": (("finance",), 50 * MILLION),
    "zhao.min": (("capacity", "finance", "cfo"), None),
}


def gate(name: str, owner: str = "capacity") -> Gate:
    return Gate(name, "Is it full?", Action.BUILD, ("region", "accelerator"), "8w", (), None, owner)


@dataclass
class Office:
    """A ledger, a policy and everyone's keys; `sign` and `released` with the usual arguments filled in."""

    ledger: Ledger
    policy: Policy
    keys: Mapping[str, Path]

    def approve(self, signer: str, *, ask: Ask = ASK, packet: str = PACKET, **other: Any) -> Counted:
        return self.say(signer, APPROVE, ask=ask, packet=packet, **other)

    def say(self, signer: str, verdict: str, *, ask: Ask = ASK, packet: str = PACKET, **other: Any) -> Counted:
        usual: dict[str, Any] = {"key": self.keys.get(signer), "at": NOW, "value": ask.amount}
        decision = other.pop("decision", None) or self.decision(ask, packet)
        return sign(self.ledger, self.policy, packet, decision, signer=signer, verdict=verdict, **{**usual, **other})

    def decision(
        self,
        ask: Ask = ASK,
        packet: str = PACKET,
        *,
        outcome: Outcome = Outcome.PASS,
        waivers: tuple[Waiver, ...] = (),
    ) -> Decision:
        verdict = Verdict("capacity.utilization", ask.id, ask.scope, outcome, Mode.BLOCK, "capacity", "66.3 %")
        return decide(
            ask,
            (verdict,),
            waivers=waivers,
            signatures=self.signatures(ask, packet),
            needed=self.policy.needed(ask.action, ask.amount, ask.scope),
            consequences=(Consequence("capacity.utilization"),),
            as_of=AS_OF,
            policy=self.policy.digest,
        )

    def signatures(self, ask: Ask = ASK, packet: str = PACKET) -> tuple[Signature, ...]:
        return signatures_for(self.ledger, self.policy, packet, ask, ask.amount)

    def state(self, ask: Ask = ASK, packet: str = PACKET) -> State:
        return self.decision(ask, packet).state

    def under(self, **changes: Any) -> "Office":
        """Return the same ledger under another policy."""
        return replace(self, policy=replace(self.policy, **changes))


def keys_of(folder: Path, names: Iterable[str]) -> tuple[dict[str, Path], dict[str, str]]:
    """Make a key for everyone; return where each lies, and its public half."""
    paths = {name: folder / f"{name}.key" for name in names}
    return paths, {name: new_key(path) for name, path in paths.items()}


def policy_of(public: Mapping[str, str], **other: Any) -> Policy:
    """Return a policy in which finance signs up to 100 million, and finance, capacity and the cfo above."""
    signers = tuple(
        Signer(name, held, public[name], up_to, f"{name}@example.com") for name, (held, up_to) in PEOPLE.items()
    )
    usual = {
        "file": "policy.yaml",
        "digest": "ef" * 32,
        "all_gates": {name: gate(name) for name in ("capacity.utilization", "capacity.backlog")},
        "matrix": (
            Rung(Action.BUILD, EVERYTHING, 100 * MILLION, roles(["finance"]), 10),
            Rung(Action.BUILD, EVERYTHING, None, roles(["capacity", "finance", "cfo"]), 11),
        ),
        "signers": signers,
        "waivers": WaiverRules((Needed("cfo"), Needed("finance")), 90, frozenset({"capacity.backlog"})),
    }
    return Policy(**{**usual, **other})


def row(scope: Scope, line: int, **settings: Any) -> Row:
    """Return one row of policy.yaml."""
    return Row(scope, settings, dict.fromkeys(settings, line), line)


def terms(**other: Any) -> Terms:
    """Return the terms of a waiver of capacity.utilization that policy allows."""
    usual: dict[str, Any] = {
        "gate": "capacity.utilization",
        "scope": POOL,
        "category": "Waiver",
        "owner": "wu.lan",
        "requested_by": "zhao.min",
        "reason": "telemetry is migrating",
        "control": "weekly count by hand",
        "as_of": AS_OF,
        "expires": date(2026, 10, 31),
        "exposure": Decimal(1_200_000_000),
        "currency": "RMB",
    }
    return Terms(**{**usual, **other})


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapping[str, Path], Mapping[str, str]]:
    """Everyone's private key file, and public half."""
    return keys_of(tmp_path_factory.mktemp("keys"), [*PEOPLE, "stranger"])


@pytest.fixture
def office(tmp_path: Path, keys: tuple[Mapping[str, Path], Mapping[str, str]]) -> Iterator[Office]:
    """A ledger with nothing in it, a policy, and everyone's keys."""
    paths, public = keys
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        yield Office(ledger, policy_of(public), paths)
