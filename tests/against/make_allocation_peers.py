"""Makes allocation_peers.json: `python -m tests.against.make_allocation_peers` after `make .venv/.bench`.

What every peer of bench/allocation_peers.py that is not hardgate makes of a tiny instance.
"""

import json
from importlib.metadata import version
from pathlib import Path

from bench.allocation_peers import PEERS, instance

WORKLOADS, POOLS = 60, 6


def main() -> None:
    """Write the answers of the peers."""
    found = {
        name: peer.call(*instance(WORKLOADS, POOLS)) for name, peer in PEERS.items() if not name.startswith("hardgate")
    }
    body = {
        "made_by": "python -m tests.against.make_allocation_peers",
        "versions": {name: version(name) for name in ("cvxpy", "highspy", "ortools")},
        "workloads": WORKLOADS, "pools": POOLS, "found": found,
    }  # fmt: skip
    path = Path(__file__).with_name("allocation_peers.json")
    path.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
