"""Writes what the peers say of retention and of experiments into markets.json; the tests read that file alone.

    python -m venv /tmp/peers && /tmp/peers/bin/pip install "numpy<2" "pandas<2.3" lifetimes==0.11.3 gbstats==0.8.0 \
        tea-tasting==1.14.0
    /tmp/peers/bin/python tests/against/make_markets.py
"""

import json
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

CONTROL = {"n": 10_000, "sum": 84_210.0, "squares": 981_344.0, "orders": 13_020.0, "orders_squares": 29_800.0,
           "product": 121_330.0}  # fmt: skip
TREATED = {"n": 10_050, "sum": 88_930.0, "squares": 1_066_210.0, "orders": 13_110.0, "orders_squares": 30_050.0,
           "product": 128_410.0}  # fmt: skip


def retention() -> dict[str, Any]:
    """BG/NBD and gamma-gamma of the CDNOW sample that lifetimes carries."""
    from lifetimes import BetaGeoFitter, GammaGammaFitter
    from lifetimes.datasets import load_cdnow_summary_data_with_monetary_value

    data = load_cdnow_summary_data_with_monetary_value()
    fitted = BetaGeoFitter()
    fitted.fit(data["frequency"], data["recency"], data["T"])
    back = data[data["frequency"] > 0]
    money = GammaGammaFitter()
    money.fit(back["frequency"], back["monetary_value"])
    columns = {
        name: [round(float(one), 4) for one in data[column]]
        for name, column in (
            ("frequency", "frequency"),
            ("recency", "recency"),
            ("age", "T"),
            ("value", "monetary_value"),
        )
    }
    return {"bgnbd": dict(fitted.params_), "gamma_gamma": dict(money.params_), "customers": columns}


def experiments() -> dict[str, Any]:
    """A mean, a ratio, an anytime-valid interval and a sample ratio, from the same sums."""
    import tea_tasting as tt
    import tea_tasting.aggr
    from gbstats.frequentist.tests import (
        FrequentistConfig,
        SequentialConfig,
        SequentialTwoSidedTTest,
        TwoSidedTTest,
    )
    from gbstats.models.statistics import RatioStatistic, SampleMeanStatistic
    from gbstats.utils import check_srm

    def mean(arm: dict[str, float]) -> SampleMeanStatistic:
        return SampleMeanStatistic(n=int(arm["n"]), sum=arm["sum"], sum_squares=arm["squares"])

    def orders(arm: dict[str, float]) -> SampleMeanStatistic:
        return SampleMeanStatistic(n=int(arm["n"]), sum=arm["orders"], sum_squares=arm["orders_squares"])

    def ratio(arm: dict[str, float]) -> RatioStatistic:
        return RatioStatistic(
            n=int(arm["n"]), m_statistic=mean(arm), d_statistic=orders(arm), m_d_sum_of_products=arm["product"]
        )

    def told(found: Any) -> dict[str, float]:
        return {"value": found.expected, "error": found.uplift.stddev, "low": found.ci[0], "high": found.ci[1]}

    fixed, anytime = (
        FrequentistConfig(difference_type="relative"),
        SequentialConfig(difference_type="relative", sequential_tuning_parameter=5_000),
    )

    def aggregated(arm: dict[str, float]) -> Any:
        n = arm["n"]
        means = {"value": arm["sum"] / n, "orders": arm["orders"] / n}
        return tea_tasting.aggr.Aggregates(
            count_=int(n),
            mean_=means,
            var_={
                "value": (arm["squares"] - n * means["value"] ** 2) / (n - 1),
                "orders": (arm["orders_squares"] - n * means["orders"] ** 2) / (n - 1),
            },
            cov_={("orders", "value"): (arm["product"] - n * means["value"] * means["orders"]) / (n - 1)},
        )

    tasted = tt.RatioOfMeans("value", "orders").analyze_aggregates(aggregated(CONTROL), aggregated(TREATED))
    return {
        "control": CONTROL,
        "treated": TREATED,
        "gbstats_mean": told(TwoSidedTTest(mean(CONTROL), mean(TREATED), fixed).compute_result()),
        "gbstats_ratio": told(TwoSidedTTest(ratio(CONTROL), ratio(TREATED), fixed).compute_result()),
        "gbstats_anytime": told(SequentialTwoSidedTTest(mean(CONTROL), mean(TREATED), anytime).compute_result()),
        "gbstats_srm": check_srm([5_000, 5_300], [0.5, 0.5]),
        "tea_tasting_ratio": {
            "control": tasted.control, "treated": tasted.treatment, "relative": tasted.rel_effect_size,
            "low": tasted.rel_effect_size_ci_lower, "high": tasted.rel_effect_size_ci_upper,
        },
    }  # fmt: skip


def main() -> None:
    """Write the file."""
    warnings.simplefilter("ignore")
    made = {
        "versions": {name: version(name) for name in ("lifetimes", "gbstats", "tea-tasting", "numpy")},
        "command": "tests/against/make_markets.py",
        "retention": retention(),
        "experiments": experiments(),
    }
    path = Path(__file__).with_name("markets.json")
    path.write_text(json.dumps(made, indent=None, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
