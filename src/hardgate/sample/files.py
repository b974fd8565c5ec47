"""How the sample's files are written: CSV with one line end, the same bytes on every machine."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

PODS = "data/pods"
TELEMETRY = "data/telemetry"
BILLS = "data/bills"


def write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
    """Write a CSV file with a head and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
    return path


def write_text(path: Path, text: str) -> Path:
    """Write a text file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
