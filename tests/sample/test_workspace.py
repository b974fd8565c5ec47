"""A sample is a whole workspace, the same bytes for the same seed, and removable plant by plant."""

import hashlib
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from hardgate.core.errors import NotFound
from hardgate.review.evidence_notes import Ingested
from hardgate.review.meeting import Review
from hardgate.review.workspace import Workspace
from hardgate.sample import make
from hardgate.sources.source import sources, tables


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_in_every_file(small: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    written = make(tmp_path, scale=0.25, progress=lambda *step: told.append(step))
    assert digests(tmp_path) == digests(small)
    assert {str(path.relative_to(tmp_path)) for path in written} == set(digests(tmp_path))
    assert [done for _, done, _ in told] == list(range(len(told)))
    assert told[0] == ("pods", 0, len(told) - 1)
    assert told[-1] == ("sample", len(told) - 1, len(told) - 1)


def test_another_seed_gives_other_data_but_the_same_files(small: Path, other: Path) -> None:
    here, there = digests(small), digests(other)
    assert list(here) == list(there)
    same = {name for name in here if here[name] == there[name] and name.startswith("data/")}
    stated = ("capacity_plan", "cancel_fees", "inventory", "price_list", "quotes", "supplier_prices", "load_tests")
    declared = ("willingness_to_pay", "cost_stack", "experiments", "subsidies", "zones")
    planned = ("programme", "drivers", "other_segments", "asset_register", "capacity_plan_past")
    assert same == {f"data/{name}.csv" for name in (*stated, *declared, *planned)}


def test_removing_a_plant_changes_only_the_files_it_lives_in(small: Path, bare: Path) -> None:
    here, there = digests(small), digests(bare)
    changed = {name for name in here if here[name] != there[name]}
    assert {name for name in changed if "telemetry" not in name} == {"data/contracts.csv"}
    assert len(changed) == 8


def test_a_plant_of_an_unknown_name_is_an_error_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="did you mean 'lost_week'"):
        make(tmp_path, plants={"lost_weak": 1})


def test_settings_name_sources_tables_and_columns_that_exist(small: Path) -> None:
    settings = tomllib.loads((small / "hardgate.toml").read_text())
    assert settings["currency"] == "RMB"
    assert settings["as_of"] == "2026-09-07"
    for given in settings["inputs"]:
        assert all(list(small.glob(glob)) for glob in given["files"]), given
        if given["source"] == "table":
            assert set(given["columns"]) <= {column.name for column in tables()[given["table"]].columns}
        else:
            assert given["source"] in sources()
    known = {name: set(rule) for name, rule in settings["tables"].items()}
    assert known["cost_and_usage"] == {"known_after"}
    pools = {pool["pool"] for pool in settings["pools"]}
    assert {rule["pool"] for rule in settings["identities"]} == pools
    assert len(pools) == 8


def test_headers_of_plain_files_are_not_ours(small: Path) -> None:
    settings = tomllib.loads((small / "hardgate.toml").read_text())
    mapped = {given["table"]: len(given["columns"]) for given in settings["inputs"] if given["source"] == "table"}
    assert min(mapped.values()) >= 2
    assert mapped["contracts"] == 14


def test_private_keys_lie_in_keys_and_are_called_demo(small: Path) -> None:
    from hardgate.ledger.signatures import public_of

    policy = (small / "policy.yaml").read_text()
    found = [path for path in small.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    assert {path.stem for path in found} == {"demo-chen.yu", "demo-li.wei", "demo-sun.hao", "demo-zhou.lan"}
    assert {path.parent for path in found} == {small / "keys"}
    for path in found:
        assert public_of(path) in policy


def test_the_product_owner_signs_what_is_kept_and_nobody_else_does(met: tuple[Path, Ingested, Review]) -> None:
    kept = {one.ask.id: one for one in met[2].decisions if one.ask.action == "KEEP"}
    assert [one.role for one in kept["keep-basket-suggestions"].signatures_needed] == ["product"]
    policy = Workspace.open(met[0]).policy
    assert [one.name for one in policy.signers if "product" in one.roles] == ["zhou.lan"]
    assert not {one.ask.by for one in kept.values()} & {one.name for one in policy.signers}


def test_another_date_moves_every_day_with_it(tmp_path: Path) -> None:
    make(tmp_path, scale=0.25, as_of=date(2027, 2, 1))
    bills = sorted(path.name for path in (tmp_path / "data/bills").iterdir())
    assert (bills[0], bills[-1], len(bills)) == ("focus-2025-03.csv", "focus-2027-01.csv", 23)
    plan = (tmp_path / "data/capacity_plan.csv").read_text()
    assert min(re.findall(r"2027-\d\d-\d\d", plan)) == "2027-03-15"
