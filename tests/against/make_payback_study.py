"""Remakes payback_study.json: verdicts and intervals of payback where customers leave otherwise than the model says.

PYTHONPATH=. .venv/bin/python tests/against/make_payback_study.py
"""

import json
from pathlib import Path

from tests.against.payback_worlds import WORLDS, study

CITIES = 200


def main() -> None:
    told = {
        "made_by": "PYTHONPATH=. python tests/against/make_payback_study.py",
        "cities": CITIES,
        "confidence": 0.9,
        "found": {name: study(name, CITIES) for name in WORLDS},
    }
    Path(__file__).with_name("payback_study.json").write_text(json.dumps(told, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
