"""Remakes adoption_study.json: bias and coverage over five hundred drawn panels, the figures that docs/adoption.md prints.

PYTHONPATH=. .venv/bin/python tests/against/make_adoption_study.py
"""

import json
from pathlib import Path

from tests.against.adoption_panel import study

PANELS, DRAWS = 500, 200


def main() -> None:
    told = {
        "made_by": "PYTHONPATH=. python tests/against/make_adoption_study.py",
        "panels": PANELS,
        "draws": DRAWS,
        "confidence": 0.95,
        "found": {name: round(value, 9) for name, value in study(PANELS, DRAWS).items()},
    }
    Path(__file__).with_name("adoption_study.json").write_text(json.dumps(told, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
