"""AI products of the sample: what accounts use as spans, the seats they pay for, price list, deals and what is charged.

Two products are sold by the seat and used very unevenly, one by the token; a GPU-hour and storage are on the list, too.
Every row of usage stands for the calls of one account, feature and day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from hardgate.core.days import add_months, month_of
from hardgate.sample.draft import Draft
from hardgate.sample.files import write_csv
from hardgate.sample.operator import RMB, USD

SPANS = (
    "trace_id", "span_id", "start_time", "account.id", "feature.name", "product.id", "gen_ai.provider.name",
    "gen_ai.request.model", "server.pool", "gen_ai.usage.input_tokens", "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.output_tokens", "gen_ai.usage.reasoning.output_tokens", "outcome", "calls", "steps", "retries",
    "tool_calls", "vector_queries", "guard_tokens", "egress_bytes", "cpu_ms", "storage_byte_hours",
)  # fmt: skip
PRICES = ("sku", "sold_by", "per", "list_price", "ccy", "pool", "from_day", "to_day", "decided")
DEALS = ("quote", "customer_id", "sku", "off", "units", "value", "ccy", "stage", "sign_by", "seller", "offered")
SUPPLIERS = ("supplier", "service", "meter", "price", "per", "ccy", "from_day")
SPEEDS = ("model", "card", "tokens", "per_second", "measured", "report")
SEATS = ("month_end", "customer_id", "sku", "seats", "fee", "ccy")
SURVEY = ("segment", "firms", "sku", "units", "would_pay", "error", "ccy", "held_on")

OWN, HOSTED, SUPPLIER = "heron-32b", "falcon-large", "nimbus"
POOL = "cn-north-h20"
MONTHS, DAYS_A_MONTH = 8, 5
_HEALTHY = 3.2
"""How many times the price of a product covers what its maker thinks it costs."""
_GPU_HOUR = 5.0
"""What the maker of the products thinks a GPU-hour costs."""
_SECONDS = {"read": 4000.0, "cached": 40_000.0, "written": 520.0}
_SPREAD = 1.1
_GROWTH = 0.03


@dataclass(frozen=True, slots=True)
class Product:
    """One product: how it is sold, at which price, by which features it is used, and by how many accounts."""

    name: str
    unit: str
    price: float
    features: tuple[tuple[str, float], ...]
    accounts: int
    hosted: str = ""


ASSISTANT = Product("assistant-pro", "seat_month", 58.0, (("assistant", 0.7), ("search", 0.3)), 90, "search")
AGENTS = Product("code-agents", "seat_month", 96.0, (("review-agent", 0.8), ("completion", 0.2)), 60)
API = Product("model-api", "tokens", 0.0, (("api", 1.0),), 24)
_API_PRICES = {"input": 1.05, "cache_read": 0.12, "output": 8.4}
_PLAIN = (("gpu-hours", "gpu_hour", 14.0, POOL), ("storage", "gb_month", 0.35, ""))


def write_ai_products(draft: Draft, scale: float, strength: Mapping[str, float]) -> list[Path]:
    """Write every file of the AI products; the plants are one product sold under its cost, and one deal."""
    lost = strength["subsidised_feature"]
    used = {ASSISTANT: 1 / _HEALTHY, AGENTS: 1 / (1 - lost) if lost else 1 / _HEALTHY, API: 1 / _HEALTHY}
    spans: list[tuple[object, ...]] = []
    seats: list[tuple[object, ...]] = []
    for product, share in used.items():
        rows, paid = _of_product(draft, product, share, scale)
        spans += rows
        seats += paid
    spans.sort(key=lambda row: (str(row[2]), str(row[1])))
    return [
        write_csv(draft.data / "genai_spans.csv", SPANS, spans),
        write_csv(draft.data / "seats.csv", SEATS, sorted(seats, key=str)),
        write_csv(draft.data / "price_list.csv", PRICES, _price_list(draft)),
        write_csv(draft.data / "quotes.csv", DEALS, _deals(draft, strength["discount_below_floor"] or 0.05)),
        write_csv(draft.data / "supplier_prices.csv", SUPPLIERS, _suppliers(draft)),
        write_csv(draft.data / "load_tests.csv", SPEEDS, _speeds(draft)),
        write_csv(draft.data / "willingness_to_pay.csv", SURVEY, _survey(draft)),
    ]


def _of_product(
    draft: Draft, product: Product, share: float, scale: float
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Return the spans and the seats of one product; `share` is what serving costs of what it brings."""
    random, as_of = draft.draws("ai", product.name), draft.span.as_of
    seats = np.maximum(1, np.round(random.integers(2, 14, product.accounts) * scale)).astype(np.int64)
    tail = np.exp(random.normal(0.0, _SPREAD, product.accounts))
    tail /= (tail * seats).sum() / seats.sum()
    money = (product.price or 40.0) * share
    spans: list[tuple[object, ...]] = []
    paid: list[tuple[object, ...]] = []
    for back in range(MONTHS, -1, -1):
        month = add_months(month_of(as_of), -back)
        grown = (1 + _GROWTH) ** -back
        for at in range(product.accounts):
            account = f"{product.name.partition('-')[0]}-{at:03d}"
            if product.unit == "seat_month" and add_months(month, 1) <= as_of:
                last = add_months(month, 1) - timedelta(days=1)
                paid.append((last, account, product.name, seats[at], f"{seats[at] * product.price:.2f}", RMB))
            hours = money * seats[at] * tail[at] * grown * float(random.normal(1.0, 0.1)) / _GPU_HOUR
            spans += _spans(draft, product, account, month, max(hours, 0.01), random)
    return spans, paid


def _spans(  # noqa: PLR0913  one account's month
    draft: Draft, product: Product, account: str, month: date, hours: float, random: np.random.Generator
) -> Iterator[tuple[object, ...]]:
    """Yield the spans of one account and month; a day on or after the end is not seen yet."""
    written = hours * 3600 / (1 / _SECONDS["written"] + 8 / _SECONDS["read"] + 5 / _SECONDS["cached"])
    days = np.sort(random.choice((add_months(month, 1) - month).days, DAYS_A_MONTH, replace=False))
    parts = random.dirichlet(np.full(DAYS_A_MONTH, 4.0))
    for feature, part in product.features:
        hosted = feature == product.hosted
        for day, weight in zip(days.tolist(), parts.tolist(), strict=True):
            called = month + timedelta(days=day)
            if called < draft.span.as_of:
                yield _span(
                    product, account, feature, called, written * part * weight * (0.25 if hosted else 1.0), random
                )


def _span(  # noqa: PLR0913  one row
    product: Product, account: str, feature: str, day: date, written: float, random: np.random.Generator
) -> tuple[object, ...]:
    calls = max(1, round(written / 700))
    agent = 4 if feature.endswith("agent") else 1
    thought = round(written * 0.25) if agent > 1 else 0
    hosted = feature == product.hosted
    name = f"{account}/{feature}/{day:%Y%m%d}"
    second = int(random.integers(0, 86_400))
    return (
        name, name, f"{day}T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z", account, feature,
        product.name, SUPPLIER if hosted else "own", HOSTED if hosted else OWN, "" if hosted else POOL,
        round(written * 13), round(written * 5), round(written), thought,
        "success" if random.random() < 0.9 else "abandoned", calls, calls * agent, round(calls * 0.03),
        calls * (agent - 1), calls if feature == "search" else 0, round(written * 0.3), calls * 6000, calls * 40,
        calls * 2.0e7,
    )  # fmt: skip


def _price_list(draft: Draft) -> Iterator[tuple[object, ...]]:
    start, raised = draft.span.start, draft.span.as_of + timedelta(days=45)
    yield (ASSISTANT.name, "seat_month", 1, ASSISTANT.price, RMB, "", start, "", start)
    yield (AGENTS.name, "seat_month", 1, AGENTS.price, RMB, "", start, "", start)
    yield (
        AGENTS.name,
        "seat_month",
        1,
        AGENTS.price * 1.25,
        RMB,
        "",
        raised,
        "",
        draft.span.as_of - timedelta(days=12),
    )
    for kind, price in _API_PRICES.items():
        yield (API.name, kind, 1_000_000, round(price * 1.3, 4), RMB, "", start, "", start)
    for name, unit, price, pool in _PLAIN:
        yield (name, unit, 1, price, RMB, pool, start, "", start)


def _deals(draft: Draft, off: float) -> Iterator[tuple[object, ...]]:
    as_of = draft.span.as_of
    offered = as_of - timedelta(days=18)
    yield (
        "Q-2041",
        "delta-retail",
        API.name,
        f"{off:.4f}",
        900_000,
        2_600_000,
        RMB,
        "open",
        as_of + timedelta(days=24),
        "ma.jun",
        offered,
    )
    yield (
        "Q-2044",
        "granite-finance",
        ASSISTANT.name,
        0.08,
        9_600,
        512_000,
        RMB,
        "open",
        as_of + timedelta(days=39),
        "ma.jun",
        offered,
    )
    yield (
        "Q-1987",
        "ember-games",
        API.name,
        0.02,
        100_000,
        280_000,
        RMB,
        "lost",
        as_of - timedelta(days=9),
        "xu.ning",
        offered,
    )


def _suppliers(draft: Draft) -> Iterator[tuple[object, ...]]:
    start, cut = draft.span.start, draft.span.as_of - timedelta(days=75)
    for meter, price in (("input", 0.60), ("cache_read", 0.06), ("output", 2.40)):
        yield (SUPPLIER, HOSTED, meter, price, 1_000_000, USD, start)
        yield (SUPPLIER, HOSTED, meter, round(price * 0.75, 4), 1_000_000, USD, cut)
    beside = (
        ("step", 0.00005, 1), ("tool_call", 0.0002, 1), ("vector_query", 0.0001, 1), ("guard_token", 0.25, 1_000_000),
        ("egress_gb", 0.5, 1), ("cpu_hour", 0.12, 1), ("storage_gb_month", 0.15, 1),
    )  # fmt: skip
    for meter, price, per in beside:
        yield ("own", "orchestration", meter, price, per, RMB, start)


def _speeds(draft: Draft) -> Iterator[tuple[object, ...]]:
    for kind, speed in zip(("input", "cache_read", "output"), _SECONDS.values(), strict=True):
        yield (OWN, "H20", kind, speed, draft.span.start, "load test of the serving team")


def _survey(draft: Draft) -> Iterator[tuple[object, ...]]:
    """Yield what segments said they would pay for a month: of seats, of 40 GPU-hours, of 200 GB."""
    held = draft.span.as_of - timedelta(days=70)
    answers = {
        "studios": (60, (150, 900, 95)),
        "retail groups": (35, (420, 560, 40)),
        "research labs": (20, (95, 1350, 180)),
        "agencies": (90, (260, 380, 60)),
        "banks": (12, (620, 1100, 150)),
    }
    products = ((ASSISTANT.name, 5), ("gpu-hours", 40), ("storage", 200))
    for segment, (firms, worth) in answers.items():
        for (sku, units), value in zip(products, worth, strict=True):
            yield (segment, firms, sku, units, value, round(value * 0.12, 2), RMB, held)
