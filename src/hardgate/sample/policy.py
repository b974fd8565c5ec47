"""The sample's policy.yaml, its explicit ask, its own metric, and the demo keys of its signers.

The keys are drawn from the seed and lie beside the data: they show how signing works and protect nothing.
"""

import base64
import hashlib
from datetime import timedelta
from pathlib import Path

from hardgate.sample.draft import Draft
from hardgate.sample.files import write_text
from hardgate.sample.operator import Pool

SIGNERS = (
    ("chen.yu", "capacity", 200_000_000),
    ("li.wei", "finance", 50_000_000),
    ("sun.hao", "cfo", 2_000_000_000),
    ("zhou.lan", "product", 20_000_000),
)
"""Who signs, in which role, up to which amount."""

_POLICY = """\
# The policy of the sample operator: numbers and names only. `hardgate schema policy` says what may stand here.
confidence: 90%
horizon: 26w

gates:
  capacity.utilization: {{mode: block, owner: capacity, rung: productive, productive_utilization: 75%, activation: 90%}}
  capacity.activation: {{mode: block, owner: capacity}}
  capacity.trigger: {{mode: block, owner: capacity, limit: min}}
  capacity.backlog: {{mode: block, owner: finance}}
  capacity.committed_usage: {{mode: block, owner: sales}}
  capacity.tranche: {{mode: block, owner: finance}}
  pricing.cost_cover: {{mode: block, owner: pricing}}
  pricing.floor: {{mode: block, owner: pricing}}
  markets.city_margin: {{mode: block, owner: markets}}
  markets.payback: {{mode: block, owner: markets, payback_weeks: 52}}
  markets.kill: {{mode: block, owner: product}}
  capacity.attach: {{mode: shadow, owner: product}}
  adoption.upsell_first: {{mode: block, owner: sales}}
  outlook.shift: {{mode: block, owner: finance, slowed_by: backlog_coverage, backlog_coverage: 1.1, decided_on: {day}}}
  allocation.admit: {{mode: block, owner: capacity}}

# What nobody measured. Every number that uses one is printed as assumed.
assumptions:
  discount_rate: 12%
  hurdle_rate: 12%
  power_price: {{value: 0.62, source: supply contract 2026}}
  pue: 1.25
  wait_probability: 5%
  gang: 1
  shortage: 3%
  shortage_penalty: 0
  life_months: 48
  lead_months: 6
  fixed_cost_per_gpu_month: {{value: 500, source: "power and space of the live halls, 2026"}}
  single_name_cap: 25%
  architecture_cost.rag-starter: {{value: 150000, source: "two engineers for a month, 2026"}}
  lease_per_gpu_month: {{value: 5200, source: offer of a lessor}}
  capex_budget: {{value: 40000000, source: board of 2026-07}}
  power_budget: {{value: 300, source: grid contract}}
  risk_budget: 2000000
  haircut.A: 95%
  haircut.B: 90%
  haircut.C: 60%
  haircut.none: 100%
  haircut.penalty: 97%
  haircut.convenience: 0
  opex_share: {{value: 6%, source: maintenance and staff of 2025 over capital}}
  target_productive_share: 85%
  scopes:
    - {{accelerator: H200, fixed_cost_per_gpu_month: 730, lease_per_gpu_month: 13000}}
    - {{accelerator: L20, fixed_cost_per_gpu_month: 270, lease_per_gpu_month: 2100}}

own_gates:
  - name: own.turned_away
    metric: turned_away
    at_least: 1%
    opens: BUILD
    per: [region, accelerator]
    window: 8w
    mode: shadow

sign_off:
  - {{action: BUILD, up_to: 10000000, roles: [capacity, finance]}}
  - {{action: BUILD, roles: [capacity, finance, cfo]}}
  - {{action: RELEASE, up_to: 20000000, roles: [finance]}}
  - {{action: RELEASE, roles: [finance, cfo]}}
  - {{action: SELL, up_to: 5000000, roles: [finance]}}
  - {{action: SELL, roles: [finance, cfo]}}
  - {{action: SUBSIDIZE, roles: [finance]}}
  - {{action: KEEP, roles: [product]}}
  - {{action: CHASE, roles: [finance]}}
  - {{action: SHIFT, roles: [finance, cfo]}}
  - {{action: GRANT, roles: [capacity]}}

waivers:
  roles: [cfo]
  max_days: 90
  not_for: [capacity.backlog]
  unknown: [capacity.utilization]

signers:
"""

_ASK = """\
# A request that no table holds: asked for by hand.
action: BUILD
region: {region}
accelerator: {accelerator}
pool: {pool}
gpus: {gpus}
amount: {amount}
currency: {currency}
by: han.mei
decide_by: {decide_by}
"""

_METRIC = """\
-- Of the GPU-hours that customers asked for, the share that nobody could serve.
-- reads: queued of demanded GPU-hours
-- sums: queued_gpu_ms, demanded_gpu_ms
-- unit: share
-- better: neither
select
    region, accelerator, pool, day,
    queued_gpu_ms as numerator,
    allocated_gpu_ms + queued_gpu_ms as denominator
from pool_day
"""


def write_policy(draft: Draft) -> list[Path]:
    """Write policy.yaml with the public keys of its signers, and their private keys beside it."""
    lines, written = [], []
    for name, role, up_to in SIGNERS:
        public, pem = _key(name, draft.seed)
        lines.append(f'  - {{name: {name}, roles: [{role}], up_to: {up_to}, key: "ed25519:{public}"}}\n')
        path = write_text(draft.folder / "keys" / f"demo-{name}.pem", pem)
        path.chmod(0o600)
        written.append(path)
    return [
        write_text(
            draft.folder / "policy.yaml", _POLICY.format(day=draft.span.as_of + timedelta(weeks=4)) + "".join(lines)
        ),
        *written,
    ]


def write_ask(draft: Draft, pool: Pool) -> Path:
    """Write the ask for half as much again of a pool."""
    gpus = max(8, pool.gpus // 2)
    text = _ASK.format(
        region=pool.region,
        accelerator=pool.accelerator.name,
        pool=pool.name,
        gpus=gpus,
        amount=round(gpus * draft.terms.capex(pool)),
        currency=pool.currency,
        decide_by=draft.span.as_of.replace(year=draft.span.as_of.year + 1, month=1, day=31),
    )
    return write_text(draft.folder / "asks" / f"{pool.name}.yaml", text)


def write_metric(draft: Draft) -> Path:
    """Write the operator's own metric."""
    return write_text(draft.folder / "metrics" / "turned_away.sql", _METRIC)


def _key(name: str, seed: int) -> tuple[str, str]:
    """Return the public half of a demo key in base64, and its private half as PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    secret = hashlib.sha256(f"hardgate demo key {seed} {name}".encode()).digest()
    key = Ed25519PrivateKey.from_private_bytes(secret)
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return base64.b64encode(public).decode("ascii"), pem.decode("ascii")
