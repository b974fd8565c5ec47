"""Remakes plants_study.json: which plants of cities, accounts and the programme are found in twenty seeds.

PYTHONPATH=. .venv/bin/python tests/sample/make_plants_study.py [AREA ...]
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.sample.planted import AREAS, study

SEEDS = 20
FILE = Path(__file__).with_name("plants_study.json")


def main() -> None:
    for area in sys.argv[1:] or AREAS:
        with TemporaryDirectory() as folder:
            found = study(Path(folder), area, range(SEEDS))
        told = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
        made = {"made_by": "PYTHONPATH=. python tests/sample/make_plants_study.py", "seeds": SEEDS}
        FILE.write_text(json.dumps({**told, **made, area: found}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
