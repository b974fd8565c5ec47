"""What the process of the crash tests runs: `python -m tests.lake.killed FOLDER LAKE` ingests when it is told to."""

import sys
from datetime import datetime
from pathlib import Path

from hardgate.engine import connect
from hardgate.lake.batches import Lake
from hardgate.lake.ingest import ingest
from hardgate.sources.source import Input

CLOCK = datetime(2026, 9, 7, 12)
INPUTS = (Input("pools_file", files=("pools/*.csv",)), Input("dcgm", files=("samples/*.csv",)))


def main(folder: Path, name: str) -> None:
    """Say that all is ready, wait for a line, ingest, and say that it is done."""
    with connect(threads=2) as engine:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        with Lake(folder / name) as lake:
            ingest(lake, engine, INPUTS, root=folder, clock=CLOCK)
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
