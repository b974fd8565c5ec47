"""A small operator with people who sign: two pools, an ask that passes its gate and one that fails it."""

import calendar
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.command import Done, here

AS_OF = "2025-05-10"
PEOPLE = {"chen.yu": "capacity", "li.wei": "finance", "sun.hao": "cfo"}
SHARES = {"hall-a": ("H20", (0.68, 0.72, 0.70)), "hall-x": ("L20", (0.33, 0.37, 0.35))}

POLICY = """\
confidence: 90%
gates:
  capacity.utilization: {mode: block, rung: allocated, allocated_utilization: 60%}
assumptions: {lead_months: 12}
sign_off:
  - {action: BUILD, up_to: 10 m, roles: [capacity, finance]}
  - {action: BUILD, roles: [capacity, finance, cfo]}
waivers: {roles: [finance, cfo], max_days: 90}
signers:
"""


@dataclass(frozen=True)
class Operator:
    """A workspace and the people who sign in it."""

    folder: Path

    def do(self, *args: object) -> Done:
        """Run a verb in the workspace."""
        return here("-C", self.folder, *args)

    def hand(self, name: str) -> tuple[object, ...]:
        """Return the options with which someone signs."""
        return ("--as", name, "--key", self.key(name))

    def key(self, name: str) -> Path:
        return self.folder / f"{name}.key"

    def edit(self, old: str, new: str) -> None:
        """Replace a part of policy.yaml."""
        path = self.folder / "policy.yaml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def kinds(self) -> list[str]:
        """Return the kinds of the ledger's entries."""
        return [line.split()[2] for line in self.do("ledger", "show").out.splitlines()]


def pools() -> str:
    """Return fifteen months of two pools of 100 GPUs each."""
    lines = ["pool,gpus,live_date,month,allocated_gpu_hours,cost,revenue,region,accelerator,queued_gpu_hours"]
    for pool, (accelerator, shares) in SHARES.items():
        for at in range(15):
            month = date(2024 + at // 12, at % 12 + 1, 1)
            hours = 2400 * calendar.monthrange(month.year, month.month)[1] * shares[at % 3]
            lines.append(f"{pool},100,2023-11-15,{month},{hours:.0f},150000,{3 * hours:.0f},cn-north,{accelerator},0")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session", name="made")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """Make it once."""
    operator = Operator(tmp_path_factory.mktemp("operator") / "operator")
    folder = operator.folder
    assert operator.do("init").code == 0
    (folder / "pools.csv").write_text(pools())
    settings = folder / "hardgate.toml"
    settings.write_text(settings.read_text().replace('# as_of = "2026-09-07" ', f'as_of = "{AS_OF}" '))
    lines = []
    for name, role in PEOPLE.items():
        made = operator.do("keys", "new", name, "--to", operator.key(name))
        lines.append("  " + made.out.replace("ROLE", role).replace("AMOUNT", "100 m"))
    (folder / "policy.yaml").write_text(POLICY + "".join(lines))
    assert operator.do("ingest").code == 0
    for name, pool, accelerator in (("hall-b", "hall-a", "H20"), ("hall-y", "hall-x", "L20")):
        scope = ("--region", "cn-north", "--accelerator", accelerator, "--pool", pool)
        terms = ("--amount", "2 m", "--decide-by", "2025-06-01", "--term", "gpus=50", "--term", "live_date=2026-06-01")
        assert operator.do("ask", "BUILD", "--id", name, *scope, *terms, "--by", "wang.fang").code == 0
    assert operator.do("review").code == 3
    return operator


@pytest.fixture(name="operator")
def _operator(made: Operator, tmp_path: Path) -> Operator:
    """A copy to sign in."""
    return Operator(shutil.copytree(made.folder, tmp_path / "operator"))
