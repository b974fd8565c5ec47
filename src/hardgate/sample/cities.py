"""The delivery business of the sample: its cities, what an order brings and costs there, and which features it tried.

All of it is invented; the names of cities are only names.

>>> len(CITIES), CITIES["chengdu"].region
(6, 'south-west')
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

WEEKS = 78
"""Weeks of orders."""
ZONES = ("centre", "north", "south")


@dataclass(frozen=True, slots=True)
class City:
    """One city: customers won a week, what it costs to win one, and what an order is made of, in RMB."""

    name: str
    region: str
    new_a_week: float
    spend_per_customer: float
    basket: float
    courier_cost: float
    km2: float
    subsidy_a_month: int


_CITIES = (
    City("chengdu", "south-west", 26, 72.0, 76.0, 8.4, 21.0, 42_000),
    City("hefei", "east", 20, 101.0, 79.0, 7.9, 16.0, 12_000),
    City("jinan", "north", 23, 78.0, 81.0, 8.0, 18.0, 14_000),
    City("nanjing", "east", 28, 70.0, 84.0, 7.7, 22.0, 17_000),
    City("qingdao", "north", 21, 82.0, 82.0, 8.1, 19.0, 13_000),
    City("xiamen", "south", 19, 66.0, 86.0, 7.6, 12.0, 11_000),
)
CITIES: Mapping[str, City] = MappingProxyType({city.name: city for city in _CITIES})
NEVER_PAYS = "chengdu"

SEGMENTS = ("household", "office")
PRODUCTS = ("groceries", "pharmacy")


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature that was tried: when its window began and ends, in days from the end of the data."""

    name: str
    starts: int
    ends: int
    minimum_effect: float
    lift: float
    owner: str

    def window(self, as_of: date) -> tuple[date, date]:
        """Return the first day and the deadline."""
        return as_of + timedelta(days=self.starts), as_of + timedelta(days=self.ends)


LIFT = 0.16
"""What a feature that works does to the basket."""


def features(strength: Mapping[str, float]) -> tuple[Feature, ...]:
    """Return the features with what each truly does to the basket."""
    return (
        Feature("basket-suggestions", -35, -7, 0.03, strength["moves_basket"], "luo.xin"),
        Feature("map-skins", -42, -14, 0.03, LIFT * (1 - strength["moves_nothing"]), "luo.xin"),
        Feature("priority-slot-upsell", -35, 7, 0.03, LIFT * (1 - 2 * strength["harms_basket"]), "fang.ke"),
        Feature("saved-lists", -7, 21, 0.03, 0.03, "fang.ke"),
    )
