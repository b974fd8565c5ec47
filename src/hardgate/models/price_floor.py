"""The price below which a GPU-hour does not pay for its machine, at the utilization it will have.

Wrong when the pool is full: then the next hour costs what the work it displaces would have paid (the shadow price), and
not this. Wrong, too, when the machine is worth something at the end of the years, or is sold before.

A machine of 55,000 a GPU, four years at 10 %, 6 % of its price a year to run, .9 kW at a PUE of 1.3 and .08 a kWh:

>>> [f"{per_gpu_hour(55_000, 0.10, 4, 0.06, busy, 0.9, 1.3, 0.08):.2f}" for busy in (0.50, 0.70, 0.85)]
['4.81', '3.46', '2.87']

Source: Short, Packey & Holt (1995), A Manual for the Economic Evaluation of Energy Efficiency and Renewable Energy
Technologies, for the capital recovery factor and levelized cost.
"""

import math

HOURS_A_YEAR = 8760


def capital_recovery(rate: float, years: float) -> float:
    """The equal payment at the end of each year that pays back one, with interest.

    >>> f"{capital_recovery(0.10, 4):.4f}"
    '0.3155'

    Args:
        rate: of interest, effective per year; zero allowed.
        years: how long.

    Raises:
        ValueError: there are no years, or the rate is -100 % or less.

    """
    if not (0 < years < math.inf and -1 < rate < math.inf):
        raise ValueError(f"rate {rate} over {years} years: expected a rate above -1 and some years")
    if rate == 0:
        return 1 / years
    return rate / -math.expm1(-years * math.log1p(rate))


def per_gpu_hour(
    capex: float,
    rate: float,
    years: float,
    opex_share: float,
    utilization: float,
    kilowatts: float,
    pue: float,
    power_price: float,
) -> float:
    """The price of a used GPU-hour that pays for capital, fixed running cost and power.

    Args:
        capex: all-in, per GPU.
        rate: of interest, effective per year.
        years: of life.
        opex_share: fixed running cost of a year, as a share of capex.
        utilization: the share of all hours that are sold and productive.
        kilowatts: drawn by a used GPU and its share of the machine.
        pue: power of the hall over power of its machines.
        power_price: per kWh.

    Raises:
        ValueError: the utilization is not a share above 0, or the rate or years have no recovery factor.

    """
    if not 0 < utilization <= 1:
        raise ValueError(f"a utilization of {utilization}: expected a share above 0, up to 1")
    fixed_per_year = capex * (capital_recovery(rate, years) + opex_share)
    return fixed_per_year / (HOURS_A_YEAR * utilization) + kilowatts * pue * power_price


def per_thousand_tokens(
    gpu_hour: float, tokens_per_second: float, utilization: float, retries: float = 1.0, orchestration: float = 0.0
) -> float:
    """The cost of a thousand tokens, from what a GPU-hour costs whether it is used or not.

    At 2.5 a GPU-hour and 900 tokens a second, with 1.08 tries for each success and .0004 of orchestration:

    >>> [f"{per_thousand_tokens(2.5, 900, busy, 1.08, 0.0004):.5f}" for busy in (0.25, 0.5, 0.8)]
    ['0.00373', '0.00207', '0.00144']

    Args:
        gpu_hour: cost of a GPU-hour, used or not.
        tokens_per_second: of one GPU at work.
        utilization: the share of its hours in which it is sold and at work; 1 where `gpu_hour` is of used hours.
        retries: tokens made for each token that counts.
        orchestration: cost of the rest, per thousand tokens.

    Raises:
        ValueError: the utilization is not a share above 0, or there are no tokens a second.

    """
    if not 0 < utilization <= 1 or tokens_per_second <= 0:
        raise ValueError(f"utilization {utilization}, {tokens_per_second} tokens/s: expected a share above 0, and some")
    return gpu_hour / (tokens_per_second * 3600 * utilization) * 1000 * retries + orchestration


def with_margin(full_cost: float, shadow_price: float, gpu_hours: float, margin: float) -> float:
    """The floor price of a unit: its full cost, or what its GPU-hours would earn elsewhere, and a margin on top.

    >>> round(with_margin(0.6, 5.0, 0.1, 0.25), 6), round(with_margin(0.6, 9.0, 0.1, 0.25), 6)
    (0.8, 1.2)

    Args:
        full_cost: of a unit.
        shadow_price: of a GPU-hour, 0 where the pool is not full.
        gpu_hours: of a unit.
        margin: share of the price that must be left.

    Raises:
        ValueError: the margin is 1 or more.

    """
    if not margin < 1:
        raise ValueError(f"a margin of {margin}: expected a share below 1")
    return max(full_cost, shadow_price * gpu_hours) / (1 - margin)
