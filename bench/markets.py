"""The mathematics of markets beside its peers: how customers stay, when they pay back, what an experiment shows.

Customers of BG/NBD are drawn with CDNOW's parameters. lifetimes fits one city at a time, so that some cities stand for
all; so does SciPy for the shifted beta-geometric, which no peer here has. The table of users has one row a user in each
arm, with orders and money; the scan reads and hashes the columns that the aggregation reads. Statistics are made from
the same sums. What is not installed is named, and left out.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.orders import MEMORY

Work = Callable[[], dict[str, Any]]
CUSTOMERS, PERIODS = 2_000, 52
DRAWS, WEEKS, RATE = 2_000, 156, 0.12
COLUMNS = "arm, orders, value"
_SUMS = """
select arm, count(*) as units, avg(value) as value, avg(orders) as orders, var_samp(value) as value_variance,
    var_samp(orders) as orders_variance, covar_samp(value, orders) as covariance
from '{}/users/*.parquet' group by arm order by arm
"""


def customers(cities: int) -> Any:
    """Return repeats, recency, age and city of customers drawn from BG/NBD; the first cities are always the same."""
    import numpy as np

    drawn = [np.stack(_city(np.random.default_rng([1, city]))) for city in range(cities)]
    bought, last, age = np.concatenate(drawn, axis=1)
    return bought, last, age, np.repeat(np.arange(cities), CUSTOMERS)


def _city(random: Any) -> tuple[Any, Any, Any]:
    import numpy as np

    rate, leave = random.gamma(0.243, 1 / 4.414, CUSTOMERS), random.beta(0.793, 2.426, CUSTOMERS)
    alive, age = random.geometric(np.clip(leave, 1e-9, 1)), random.uniform(27, 39, CUSTOMERS)
    bought, last, now = np.zeros((3, CUSTOMERS))
    going = np.arange(CUSTOMERS)
    while len(going):  # each purchase after the last one, until the customer leaves or is watched no longer
        now[going] += random.exponential(1 / np.maximum(rate[going], 1e-12))
        going = going[now[going] < age[going]]
        last[going], bought[going] = now[going], bought[going] + 1
        going = going[bought[going] < alive[going]]
    return bought, last, age


def bgnbd(cities: int) -> Work:
    """Fit BG/NBD to all cities at once."""
    from hardgate.models.retention import fit_bgnbd_many

    given = customers(cities)
    fit_bgnbd_many(*(one[:CUSTOMERS] for one in given))  # what it imports is not the work

    def work() -> dict[str, Any]:
        found = fit_bgnbd_many(*given)
        return {"rows": len(given[0]), "first": [found[0].r, found[0].alpha, found[0].a, found[0].b]}

    return work


def bgnbd_lifetimes(cities: int) -> Work:
    """Fit BG/NBD to one city after the other in lifetimes."""
    from lifetimes import BetaGeoFitter

    bought, last, age, city = customers(cities)

    def work() -> dict[str, Any]:
        found = [BetaGeoFitter().fit(bought[city == at], last[city == at], age[city == at]) for at in range(cities)]
        return {"rows": len(bought), "first": [float(found[0].params_[name]) for name in ("r", "alpha", "a", "b")]}

    return work


def leaving(cities: int) -> Any:
    """Return how many were lost and watched at each age, by city."""
    import numpy as np

    random = np.random.default_rng(2)
    a, b = np.exp(random.normal(0.0, 0.3, (cities, 1))), np.exp(random.normal(1.5, 0.3, (cities, 1)))
    lost, watched = np.zeros((cities, PERIODS)), np.zeros((cities, PERIODS))
    there = np.full(cities, CUSTOMERS)
    for age in range(PERIODS):
        watched[:, age] = there
        lost[:, age] = random.binomial(there, (a / (a + b + age))[:, 0])
        there = there - lost[:, age].astype(np.int64)
    return lost, watched


def sbg(cities: int) -> Work:
    """Fit the shifted beta-geometric to all cities at once."""
    from hardgate.models.renewals import most_likely

    lost, watched = leaving(cities)

    def work() -> dict[str, Any]:
        import numpy as np

        return {"rows": cities, "first": np.exp(most_likely(lost, watched))[0].tolist()}

    return work


def sbg_scipy(cities: int) -> Work:
    """Fit the shifted beta-geometric to one city after the other with scipy.optimize.minimize."""
    import numpy as np
    from scipy.optimize import minimize

    lost, watched = leaving(cities)
    age = np.arange(PERIODS)

    def loss(logs: Any, left: Any, seen: Any) -> float:
        a, b = np.exp(logs)
        stayed = (seen - left) * np.log(b + age)
        return -float((left * np.log(a) + stayed - seen * np.log(a + b + age)).sum())

    def work() -> dict[str, Any]:
        found = [minimize(loss, [0.0, 1.0], args=one).x for one in zip(lost, watched, strict=True)]
        return {"rows": cities, "first": np.exp(found[0]).tolist()}

    return work


def _markets(cities: int) -> Any:
    import numpy as np

    random = np.random.default_rng(3)
    logs = np.stack([random.normal(-1, 0.4, (cities, DRAWS)), random.normal(1.5, 0.4, (cities, DRAWS))], axis=-1)
    level = random.uniform(0.2, 1.5, cities)
    each_week = np.repeat(level[:, None], WEEKS, axis=1)
    each_week[:, :4] *= random.uniform(0.5, 2, (cities, 4))
    return np.exp(logs), each_week, 0.2 * level, random.uniform(1, 40, cities)


def payback(cities: int) -> Work:
    """Project the payback of all cities."""
    from hardgate.models.payback import LATEST, project

    given = _markets(cities)

    def work() -> dict[str, Any]:
        found = project(*given, weeks=WEEKS, rate=RATE)
        return {
            "rows": cities,
            "sum": sum((-1 if week == LATEST else week) * draws for one in found for week, draws in one),
        }

    return work


def payback_numpy(cities: int) -> Work:
    """Project the payback of one city after the other in whole arrays of draws by weeks."""
    import numpy as np

    params, each_week, error, cost = _markets(cities)
    normal = np.random.default_rng(1).standard_normal((DRAWS, 1))
    factors = (1 + RATE) ** (-(np.arange(WEEKS) + 1) / 52.1775)

    def one(at: int) -> int:
        a, b, k = params[at, :, :1], params[at, :, 1:], np.arange(WEEKS - 1)
        there = np.cumprod(np.concatenate([np.ones((DRAWS, 1)), (b + k) / (a + b + k)], axis=1), axis=1)
        total = np.cumsum(there * factors * (each_week[at] + error[at] * normal), axis=1)
        paid = total >= cost[at] - 1e-9
        return int(np.where(paid.any(axis=1), paid.argmax(axis=1) + 1, -1).sum())

    def work() -> dict[str, Any]:
        return {"rows": cities, "sum": sum(one(at) for at in range(cities))}

    return work


def users(folder: str, rows: int) -> Work:
    """Make a table of users who were exposed, half of them treated, with what they ordered."""
    from hardgate.engine.connect import connect

    def work() -> dict[str, Any]:
        root = Path(folder, "users")
        root.mkdir(parents=True)
        chance = "(hash(i * 4 + {}) % 4294967296) / 4294967296.0"
        with connect(memory=MEMORY, temp=root) as engine:
            for first in range(0, rows, 10_000_000):
                last = min(rows, first + 10_000_000)
                sql = f"""
                    select arm, orders, round(orders * (20 + 40 * v + arm), 2) as value from (
                        select cast(i % 2 as integer) as arm, floor(-2 * ln(1 - {chance.format(0)})) as orders,
                            {chance.format(1)} as v
                        from range({first}, {last}) made(i)) u"""
                engine.save(sql, root / f"{first:010d}.parquet")
        return {"rows": rows}

    return work


def users_hashed(folder: str) -> Work:
    """Read and hash the columns that the readout reads: its scan."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": MEMORY})

    def work() -> dict[str, Any]:
        sql = f"select count(*), bit_xor(hash({COLUMNS})) from '{folder}/users/*.parquet'"
        return {"rows": connection.execute(sql).fetchall()[0][0]}

    return work


def readout(folder: str) -> Work:
    """Make the sums of both arms, as the rollup feature_day does once it has a row a user."""
    from hardgate.engine.connect import connect

    engine = connect(memory=MEMORY)

    def work() -> dict[str, Any]:
        sums = engine.rows(_SUMS.format(folder))
        return {"rows": sum(row[1] for row in sums), "sums": sums}

    return work


def statistics(sums: Any) -> Work:
    """Say the effect with its interval at the fifth of five looks, and the sample ratio."""
    from hardgate.models.experiment import Arm, effect, sample_ratio
    from hardgate.models.group_sequential import bounds

    bounds([0.5, 1.0])  # what it imports is not the work
    sample_ratio([1, 1], [0.5, 0.5])

    def work() -> dict[str, Any]:
        control, treated = (Arm(*row[1:]) for row in sums)
        found = effect(control, treated)
        edge = float(bounds([0.2, 0.4, 0.6, 0.8, 1.0])[-1])
        ratio = sample_ratio([control.units, treated.units], [0.5, 0.5])
        assert found is not None
        return {"value": found.value, "error": found.error, "edge": edge, "sample_ratio": ratio}

    return work


def statistics_tea(sums: Any) -> Work:
    """Say the effect in tea-tasting, from the same sums; without looks."""
    import tea_tasting as tea

    arms = [
        tea.aggr.Aggregates(
            count_=row[1], mean_={"value": row[2], "orders": row[3]},
            var_={"value": row[4], "orders": row[5]}, cov_={("orders", "value"): row[6]},
        )
        for row in sums
    ]  # fmt: skip
    metric = tea.RatioOfMeans("value", "orders", use_t=False)

    def work() -> dict[str, Any]:
        found = metric.analyze_aggregates(*arms)
        return {"value": found.rel_effect_size, "low": found.effect_size_ci_lower}

    return work


def statistics_gbstats(sums: Any) -> Work:
    """Say the effect in gbstats, from the same sums; without looks."""
    from gbstats.frequentist.tests import FrequentistConfig, TwoSidedTTest
    from gbstats.models.statistics import RatioStatistic, SampleMeanStatistic

    def mean(n: float, average: float, variance: float) -> Any:
        return SampleMeanStatistic(n=n, sum=n * average, sum_squares=(n - 1) * variance + n * average**2)

    arms = [
        RatioStatistic(
            n=n, m_statistic=mean(n, value, value_variance), d_statistic=mean(n, orders, orders_variance),
            m_d_sum_of_products=(n - 1) * covariance + n * value * orders,
        )
        for _, n, value, orders, value_variance, orders_variance, covariance in sums
    ]  # fmt: skip

    def work() -> dict[str, Any]:
        found = TwoSidedTTest([tuple(arms)], FrequentistConfig(difference_type="relative")).compute_result()
        return {"value": found.expected}

    return work
