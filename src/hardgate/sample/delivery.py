"""All files of the sample's delivery business, written one after the other."""

from collections.abc import Mapping
from pathlib import Path

from hardgate.sample import city_books
from hardgate.sample.cities import features
from hardgate.sample.city_orders import ordered, write_orders
from hardgate.sample.draft import Draft

SMALLEST = 0.5


def write_delivery(draft: Draft, strength: Mapping[str, float], scale: float) -> list[Path]:
    """Write the files of the delivery business and return them.

    Below half of its size there would be too few customers for a feature of known effect to show.
    """
    tried = features(strength)
    orders, seen = ordered(draft, tried, strength, max(scale, SMALLEST))
    spend, months = city_books.write_spend(draft, orders)
    return [
        write_orders(draft, orders),
        city_books.write_couriers(draft, orders),
        spend,
        city_books.write_schedule(draft),
        city_books.write_zones(draft),
        city_books.write_stack(draft),
        city_books.write_books(draft, orders, months),
        city_books.write_geo_test(draft, strength["subsidy_return"]),
        city_books.write_registrations(draft, tried),
        city_books.write_exposures(draft, seen),
    ]
