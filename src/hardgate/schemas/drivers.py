"""What a programme assumes of the world: one row a driver, with its source and the interval it may lie in.

Drivers are growth, volatility, price_erosion, price_volatility, correlation, productive_share, capex, delay, opex,
power_price, pue, idle_power, tax_rate, working_capital, losses, finance_rate and reinvestment_rate. What is not stated
is read from our own evidence where there is some, then from the assumptions of policy.yaml.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="drivers",
    meaning="assumptions of investment programmes",
    columns=(
        Column("programme", "text", "name of the programme"),
        Column("driver", "text", "what is assumed"),
        Column("value", "number", "where it is expected"),
        Column("low", "number", "lower end of its 90 % interval; null: no interval is stated", nullable=True),
        Column("high", "number", "upper end of its 90 % interval", nullable=True),
        Column("source", "text", "where the figure comes from"),
        Column("stated_on", "date", "day it was stated"),
    ),
    key=("programme", "driver"),
    day="stated_on",
    known="stated_on",
    register=True,
)
