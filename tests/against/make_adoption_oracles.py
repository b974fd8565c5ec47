"""Remakes adoption_oracles.json: what peer libraries say of the same data. Needs scikit-learn, pyfixest, tea-tasting, DoubleML.

python -m venv /tmp/oracles && /tmp/oracles/bin/pip install scikit-learn pyfixest doubleml tea-tasting
PYTHONPATH=.:src /tmp/oracles/bin/python tests/against/make_adoption_oracles.py
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from hardgate.models.uplift import contrast
from tests.against.adoption_panel import panel

SEED = 20
LAST = 17


def logistic() -> dict[str, Any]:
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found]

    rng = np.random.default_rng(SEED)
    x = rng.normal(0, 1, (400, 4))
    y = (rng.random(400) < 1 / (1 + np.exp(1.2 - x @ [0.8, -0.5, 0.0, 0.3]))).astype(int)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    fitted = LogisticRegression(C=0.5, tol=1e-12, max_iter=10_000).fit(z, y)
    balanced = LogisticRegression(C=0.5, class_weight="balanced", tol=1e-12, max_iter=10_000).fit(z, y)
    return {
        "intercept": float(fitted.intercept_[0]),
        "weights": fitted.coef_[0].tolist(),
        "mean_chance": float(fitted.predict_proba(z)[:, 1].mean()),
        "mean_chance_balanced": float(balanced.predict_proba(z)[:, 1].mean()),
        "happened": float(y.mean()),
    }


def one_cohort() -> dict[str, Any]:
    """A regression of each account's distance from its own line on adopting, robust to unequal variances (HC1)."""
    import pandas as pd  # type: ignore[import-untyped]
    import pyfixest as pf  # type: ignore[import-not-found]

    y, when = panel(np.random.default_rng(SEED))
    g = int(np.bincount(when[np.isfinite(when) & (when <= LAST)].astype(int)).argmax())
    window = y[:, g - 12 : g + 7]
    who = (when == g) | (when >= g + 7)
    frame = pd.DataFrame({"distance": window[who] @ contrast(12, 1, 6), "adopted": (when[who] == g).astype(float)})
    fitted = pf.feols("distance ~ adopted", data=frame, vcov="HC1")
    return {
        "month": g,
        "effect": float(fitted.coef()["adopted"]),
        "deviation": float(fitted.se()["adopted"]),
        "units": len(frame),
    }


def cuped() -> dict[str, Any]:
    import pandas as pd
    import tea_tasting as tt

    rng = np.random.default_rng(SEED)
    before = rng.normal(10, 1, 600)
    who = rng.permutation(600) < 300
    after = before + rng.normal(0, 0.3, 600) + 0.11 * who
    frame = pd.DataFrame({"before": before, "after": after, "variant": who.astype(int)})
    test = tt.Experiment(effect=tt.Mean("after", covariate="before", confidence_level=0.9))
    found = test.analyze(frame)["effect"]
    return {
        "effect": float(found.effect_size),
        "low": float(found.effect_size_ci_lower),
        "high": float(found.effect_size_ci_upper),
    }


def doubly_robust() -> dict[str, Any]:
    """The doubly robust difference-in-differences on the same panel, with the earlier slope as what was known before."""
    import doubleml as dml  # type: ignore[import-not-found]
    import pandas as pd
    from sklearn.linear_model import LinearRegression, LogisticRegression

    found = []
    for seed in range(40):
        y, when = panel(np.random.default_rng(seed))
        g = 15
        who = ((when >= g) & (when < g + 3)) | ~np.isfinite(when)
        growth = y[:, g + 3 : g + 9].mean(axis=1) - y[:, g - 6 : g].mean(axis=1)
        slope = np.polyfit(np.arange(12), y[:, g - 12 : g].T, 1)[0]
        frame = pd.DataFrame({"y": growth, "d": np.isfinite(when).astype(int), "slope": slope})[who]
        data = dml.DoubleMLDIDData(frame, y_col="y", d_cols="d", x_cols=["slope"])
        model = dml.DoubleMLDID(data, LinearRegression(), LogisticRegression(C=1e6), n_folds=5)
        np.random.seed(seed)  # noqa: NPY002  what DoubleML draws its folds from
        model.fit()
        found.append(float(model.coef[0]))
    return {"seeds": 40, "mean": float(np.mean(found)), "deviation_of_mean": float(np.std(found) / np.sqrt(40))}


def main() -> None:
    names = ("scikit-learn", "pyfixest", "tea-tasting", "DoubleML", "numpy")
    told: dict[str, Any] = {
        "made_by": "PYTHONPATH=.:src python tests/against/make_adoption_oracles.py",
        "versions": {name: version(name) for name in names},
    }
    for one in (logistic, one_cohort, cuped, doubly_robust):
        told[one.__name__] = one()
        sys.stdout.write(f"{one.__name__}: {told[one.__name__]}\n")
    path = Path(__file__).with_name("adoption_oracles.json")
    path.write_text(json.dumps(told, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
