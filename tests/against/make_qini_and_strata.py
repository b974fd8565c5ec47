"""Remakes qini_and_strata.json: what scikit-uplift says of a list, and statsmodels of waits in strata.

python -m venv /tmp/oracles && /tmp/oracles/bin/pip install scikit-uplift statsmodels
PYTHONPATH=. /tmp/oracles/bin/python tests/against/make_qini_and_strata.py
"""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from tests.against.nudges import nudged, waits


def lists() -> dict[str, Any]:
    from sklift.metrics import qini_auc_score, qini_curve  # type: ignore[import-not-found]

    found = {}
    for name, digits in (("all different", 9), ("many equal", 1)):
        scores, happened, treated = nudged(digits)
        reached, gained = qini_curve(happened, scores, treated)
        found[name] = {
            "coefficient": float(qini_auc_score(happened, scores, treated)),
            "reached": reached[:: len(reached) // 8].tolist(),
            "gained": gained[:: len(reached) // 8].tolist(),
        }
    return found


def strata() -> dict[str, Any]:
    from statsmodels.duration.survfunc import survdiff  # type: ignore[import-not-found]

    lasted, happened, group, layer = waits()
    square, luck = survdiff(lasted, happened.astype(int), group, strata=layer)
    plain, plain_luck = survdiff(lasted, happened.astype(int), group)
    early, early_luck = survdiff(np.minimum(lasted, 20.5), (happened & (lasted <= 20)).astype(int), group, strata=layer)
    return {
        "stratified": [float(square), float(luck)],
        "plain": [float(plain), float(plain_luck)],
        "within 20": [float(early), float(early_luck)],
    }


def main() -> None:
    told = {
        "made_by": "PYTHONPATH=. python tests/against/make_qini_and_strata.py",
        "versions": {name: version(name) for name in ("scikit-uplift", "statsmodels")},
        "lists": lists(),
        "strata": strata(),
    }
    Path(__file__).with_name("qini_and_strata.json").write_text(json.dumps(told, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
