"""The operator that the sample is about: its regions, pools, halls, tranches and customers. All of it is invented.

Amounts are in RMB and per GPU unless said; sizes are those of `scale` 1. Prices are of the order that such hardware
had in 2026, and no more than that.

>>> sum(pool.gpus for pool in pools(1.0))
632
>>> pools(1.0)[0].available
155
"""

from dataclasses import dataclass

NODE = 8
"""GPUs of one server: halls are built of whole servers."""

RMB, USD = "RMB", "USD"


@dataclass(frozen=True, slots=True)
class Accelerator:
    """What one GPU of a type costs, sells for and draws."""

    name: str
    model: str
    capex: float
    price_per_hour: float
    variable_per_hour: float
    kilowatts: float
    swing: float


@dataclass(frozen=True, slots=True)
class Hall:
    """Servers that went live together, some months before the end of the data."""

    asset: str
    gpus: int
    months_live: int

    @property
    def in_repair(self) -> int:
        """GPUs that are always in repair, another one each week."""
        return self.gpus // 32


@dataclass(frozen=True, slots=True)
class Pool:
    """GPUs of one type in one region."""

    name: str
    region: str
    accelerator: Accelerator
    currency: str
    halls: tuple[Hall, ...]
    code: str

    @property
    def gpus(self) -> int:
        """GPUs installed at the end."""
        return sum(hall.gpus for hall in self.halls)

    @property
    def available(self) -> int:
        """GPUs that can be held at the end."""
        return sum(hall.gpus - hall.in_repair for hall in self.halls)

    @property
    def cluster(self) -> str:
        """The label that the cluster's exporters put on everything."""
        return f"k8s-{self.code}"

    @property
    def servers(self) -> tuple[int, ...]:
        """GPUs of the pool's servers; all are full but perhaps the last of a hall."""
        return tuple(min(NODE, hall.gpus - first) for hall in self.halls for first in range(0, hall.gpus, NODE))


@dataclass(frozen=True, slots=True)
class Tranche:
    """Capacity that someone wants to buy: weeks to its commit date, months from there to its first load."""

    name: str
    pool: str
    gpus: int
    weeks: int
    lead_months: int
    released_share: float
    requested_by: str


@dataclass(frozen=True, slots=True)
class Customer:
    """An account with the grade that the credit desk gave it."""

    account: str
    grade: str
    discount: float


@dataclass(frozen=True, slots=True)
class Terms:
    """What the operator pays its infrastructure supplier, and the rate that its USD books are kept at."""

    rate: float = 7.15
    lease_margin: float = 1.06
    life_months: int = 48
    power_per_kilowatt_hour: float = 0.62
    power_overhead: float = 1.25
    space_per_kilowatt_day: float = 4.2

    def in_currency(self, pool: Pool, amount: float) -> float:
        """Return an amount in RMB in the currency of a pool."""
        return amount / self.rate if pool.currency == USD else amount

    def capex(self, pool: Pool) -> float:
        """Return what one GPU costs to buy, in the currency of its pool."""
        return round(self.in_currency(pool, pool.accelerator.capex), -2)

    def lease_per_gpu_day(self, pool: Pool) -> float:
        """Return the lease of one GPU for one day: its cost over its life, and the supplier's margin."""
        per_day = pool.accelerator.capex / (self.life_months * 365.25 / 12) * self.lease_margin
        return self.in_currency(pool, per_day)

    def power_price(self, pool: Pool) -> float:
        """Return the price of a kilowatt-hour."""
        return round(self.in_currency(pool, self.power_per_kilowatt_hour), 4)

    def space_price(self, pool: Pool) -> float:
        """Return the price of space and cooling for a kilowatt and day."""
        return round(self.in_currency(pool, self.space_per_kilowatt_day), 4)

    def kilowatt_hours(self, pool: Pool, gpus: int, held: float) -> float:
        """Return the energy of a day; what is held draws more than what is idle."""
        return gpus * pool.accelerator.kilowatts * 24.0 * self.power_overhead * (0.35 + 0.6 * held)


H20 = Accelerator("H20", "NVIDIA H20", 120_000, 10.0, 0.85, 0.75, 0.04)
H200 = Accelerator("H200", "NVIDIA H200", 300_000, 23.0, 1.60, 1.10, 0.04)
L20 = Accelerator("L20", "NVIDIA L20", 45_000, 4.2, 0.45, 0.40, 0.08)

_POOLS = (
    ("cn-north", H20, RMB, ((96, 34), (32, 15), (32, 8))),
    ("cn-north", L20, RMB, ((64, 30),)),
    ("cn-east", H20, RMB, ((64, 31), (32, 10))),
    ("cn-east", L20, RMB, ((32, 27),)),
    ("cn-west", H20, RMB, ((64, 28), (32, 9))),
    ("cn-west", L20, RMB, ((96, 23),)),
    ("ap-southeast", H200, USD, ((40, 29), (24, 11))),
    ("ap-southeast", L20, USD, ((24, 25),)),
)

_TRANCHES = (
    Tranche("cn-north-hall-4", "cn-north-h20", 96, 6, 8, 0.0, "zhou.min"),
    Tranche("cn-north-edge-2", "cn-north-l20", 32, 9, 7, 0.3, "zhou.min"),
    Tranche("cn-east-hall-3", "cn-east-h20", 96, 8, 8, 0.0, "gu.lan"),
    Tranche("cn-west-hall-3", "cn-west-h20", 96, 11, 9, 0.0, "tan.rui"),
    Tranche("ap-southeast-hall-3", "ap-southeast-h200", 64, 14, 9, 0.0, "noor.aziz"),
)

CUSTOMERS = (
    Customer("aurora-mobility", "A", 0.06),
    Customer("blue-heron-labs", "B", 0.03),
    Customer("cedar-video", "A", 0.05),
    Customer("delta-retail", "A", 0.02),
    Customer("ember-games", "B", 0.00),
    Customer("fern-biotech", "B", 0.04),
    Customer("granite-finance", "A", 0.05),
    Customer("harbour-search", "C", 0.00),
)

CODES = {"cn-north": "cnn", "cn-east": "cne", "cn-west": "cnw", "ap-southeast": "aps"}


def whole_servers(gpus: float) -> int:
    """Return the nearest number of GPUs that fills whole servers, at least one."""
    return max(1, round(gpus / NODE)) * NODE


def pools(scale: float) -> tuple[Pool, ...]:
    """Return the pools; `scale` multiplies the GPUs of every hall."""
    made = []
    for region, accelerator, currency, halls in _POOLS:
        name = f"{region}-{accelerator.name.lower()}"
        code = f"{CODES[region]}-{accelerator.name.lower()}"
        built = (
            Hall(f"{code}-hall-{at}", whole_servers(gpus * scale), months)
            for at, (gpus, months) in enumerate(halls, start=1)
        )
        made.append(Pool(name, region, accelerator, currency, tuple(built), code))
    return tuple(made)


def tranches(scale: float) -> tuple[Tranche, ...]:
    """Return the tranches; `scale` multiplies their GPUs."""
    return tuple(
        Tranche(
            one.name,
            one.pool,
            whole_servers(one.gpus * scale),
            one.weeks,
            one.lead_months,
            one.released_share,
            one.requested_by,
        )
        for one in _TRANCHES
    )
