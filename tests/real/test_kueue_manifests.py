"""The manifests against the published CRD schemas of Kueue v0.19; rules in CEL are left to the cluster."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hardgate.allocation.manifests import changed
from hardgate.allocation.quotas import Move

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "kueue"
FILES = {
    "ClusterQueue": "clusterqueues", "Cohort": "cohorts", "WorkloadPriorityClass": "workloadpriorityclasses",
}  # fmt: skip
KINDS = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="../shared/data is not there")


def schema(kind: str) -> Any:
    text = (FOLDER / f"{FILES[kind]}.v0.19.2.yaml").read_text(encoding="utf-8")
    for version in YAML(typ="safe").load(text)["spec"]["versions"]:
        if version["name"] == "v1beta2":
            return version["schema"]["openAPIV3Schema"]
    raise LookupError(kind)


def check(value: Any, rule: Any, path: str) -> list[str]:  # noqa: C901  one branch a kind of value
    """Return what a value breaks of a structural schema."""
    wrong: list[str] = []
    if rule.get("x-kubernetes-int-or-string"):
        return [] if re.fullmatch(rule["pattern"], str(value)) else [f"{path}: {value}"]
    if "type" in rule and not isinstance(value, KINDS[rule["type"]]):
        return [f"{path}: {value!r} is no {rule['type']}"]
    if isinstance(value, str):
        if "pattern" in rule and not re.search(rule["pattern"], value):
            wrong.append(f"{path}: {value!r} does not fit {rule['pattern']}")
        if len(value) > rule.get("maxLength", 1000):
            wrong.append(f"{path}: too long")
    if isinstance(value, dict) and path != ".metadata":
        known = rule.get("properties", {})
        wrong += [f"{path}.{one}: missing" for one in rule.get("required", []) if one not in value]
        for name, part in value.items():
            if name in known:
                wrong += check(part, known[name], f"{path}.{name}")
            elif "additionalProperties" not in rule:
                wrong.append(f"{path}.{name}: unknown")
    if isinstance(value, list):
        if len(value) > rule.get("maxItems", 1000):
            wrong.append(f"{path}: too many")
        wrong += [one for at, part in enumerate(value) for one in check(part, rule["items"], f"{path}[{at}]")]
    return wrong


def test_every_manifest_keeps_the_published_schema() -> None:
    moves = [Move("Team A / chat", "cn-north-h20", 8, 12, 16), Move("b", "cn-north-h20", 4, 0, 0)]
    following, now = changed(moves)
    assert [one["kind"] for one in following] == [
        "Cohort",
        *["WorkloadPriorityClass"] * 3,
        "ClusterQueue",
        "ClusterQueue",
    ]
    for one in [*following, *now]:
        assert check(one, schema(one["kind"]), "") == []


def test_the_check_finds_what_is_wrong() -> None:
    (queue,) = changed([Move("a", "p", 1, 2, 2)])[1]
    queue["spec"]["cohortName"] = "Not A Name"
    queue["spec"]["resourceGroups"][0]["flavors"][0].pop("resources")
    queue["spec"]["quota"] = 3
    assert len(check(queue, schema("ClusterQueue"), "")) == 3
