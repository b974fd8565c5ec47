"""Orders that say no city: no city's figures have them, so that every reading of a city counts them as missing.

What is counted is all that is in the lake and held to be true today. Wrong as a list of mistakes: an order that belongs
to no city should name one of its own.
"""

from hardgate.engine.connect import Engine
from hardgate.lake.as_of import relation
from hardgate.lake.batches import Lake


def homeless(lake: Lake, engine: Engine) -> str:
    """Return how many orders say no city, from when to when, and what to do; nothing where all do."""
    if "orders" not in lake.tables():
        return ""
    relation(lake, engine, "orders")
    ((rows, placed),) = engine.rows("select count(*), count(city) from orders where known_to = date '9999-12-31'")
    if rows == placed:
        return ""
    ((first, last),) = engine.rows(
        "select min(cast(placed_at as date)), max(cast(placed_at as date)) from orders "
        "where city is null and known_to = date '9999-12-31'"
    )
    when = f"of {first}" if first == last else f"from {first} to {last}"
    part = f"{rows - placed:,} of {rows:,} orders ({100 * (rows - placed) / rows:.1f} %)"
    return f"{part} {when} have no city: every reading of a city counts them as missing; bring their city in orders"
