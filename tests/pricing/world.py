"""What pricing reads beyond capacity: a seat product, a token product, a GPU-hour product, deals and a survey."""

from datetime import date
from itertools import product
from typing import Any

from hardgate.core.days import add_months
from hardgate.core.terms import Rows, Scope
from tests.evidence import table

SCOPE = Scope.of(account="k1", product="assistant", deal="d1")
ASSUMPTIONS = {
    "hurdle_rate": 0.12, "opex_share": 0.06, "power_price": 0.6, "pue": 1.25, "life_months": 48.0,
    "target_productive_share": 0.85,
}  # fmt: skip
INVENTORY = """
    day         pool region accelerator gpus live_date   retire_date kilowatts capex     currency
    2025-03-01  a    north  H20         100  2025-03-01  -           90        10000000  RMB
    2025-03-01  b    north  H20         50   2025-03-01  -           45        700000    USD
    2025-03-01  c    south  L20         30   2025-03-01  -           20        1200000   RMB
    2027-01-01  a    north  H20         20   2027-01-01  -           18        2000000   RMB
"""
LIST = """
    day         product    unit        per      price currency included_tokens pool valid_to
    2026-01-01  assistant  seat_month  1        60    RMB      -               -    -
    2026-01-01  chat       input       1000000  4     RMB      -               -    -
    2026-01-01  chat       output      1000000  30    RMB      -               -    -
    2026-01-01  gpu-hours  gpu_hour    1        12    RMB      -               a    -
    2026-11-01  assistant  seat_month  1        90    RMB      -               -    -
"""
DEALS = """
    day         deal account product   discount price quantity amount currency stage offered_by proposed_on
    2026-10-01  d1   k1      assistant 0.1      -     100      64800  RMB      open  mei        2026-08-20
    2026-11-01  d2   k9      chat      0.6      -     500      9000   RMB      open  mei        2026-08-21
"""
PRICES = """
    day         provider model         kind      price per      currency valid_to
    2026-01-01  nimbus   falcon        input     0.5   1000000  USD      -
    2026-01-01  nimbus   falcon        output    2.0   1000000  USD      -
    2026-01-01  -        orchestration step      0.001 1        RMB      -
    2026-01-01  -        orchestration tool_call 0.002 1        RMB      -
"""
SPEEDS = """
    day         model accelerator kind    tokens_per_second source
    2026-01-01  heron H20         input   4000              load-test
    2026-01-01  heron H20         output  500               load-test
"""
SURVEY = """
    day         segment customers product   quantity value deviation currency
    2026-06-01  small   40        assistant 1 90    9         RMB
    2026-06-01  small   40        chat      1 20    2         RMB
    2026-06-01  large   10        assistant 1 50    5         RMB
    2026-06-01  large   10        chat      1 120   12        RMB
"""
HEAD = (
    "day account feature product provider model pool region accelerator price_from currency events calls successful_tasks"
    " calls_without_outcome events_not_adding_up input_tokens output_tokens cache_read_tokens cache_write_tokens"
    " reasoning_tokens steps retries tool_calls vector_queries guard_tokens egress_bytes cpu_ms storage_byte_hours paid"
    " events_paid"
)
USES = {"k1": 60, "k2": 8, "k3": 2}
"""Millions of tokens that a seat of each account reads in a month."""


def used() -> Rows:
    """Rows as text would be, but for whole numbers of eight digits, which read as dates."""
    lines: list[list[Any]] = []
    for month, (account, millions) in product((add_months(date(2026, 3, 1), i) for i in range(6)), USES.items()):
        own = [None, "heron", "a", "north", "H20", None, None]
        hosted = ["nimbus", "falcon", None, None, None, date(2026, 1, 1), None]
        grown = millions * (10 + month.month) / 18
        for feature, name, where, share in (
            ("write", "assistant", own, 8), ("search", "assistant", own, 2), ("chat", "chat", hosted, 1),
        ):  # fmt: skip
            read, written = round(grown * share * 1e6), round(grown * share * 2e5)
            counts = [4, 400, 300, 0, 0, read, written, read, 0, written // 4, 800, 20, 200]
            lines.append([month, account, feature, name, *where, *counts, *[None] * 6, 0])
    names = HEAD.split()
    return Rows({name: [line[i] for line in lines] for i, name in enumerate(names)}, len(lines))


def seats() -> str:
    lines = ["day account product currency seats fee included_tokens"]
    for month, account in product((add_months(date(2026, 3, 1), i) for i in range(6)), USES):
        lines.append(f"{month} {account} assistant RMB 10 600 -")
    return "\n".join(lines)


TABLES: dict[str, Rows] = {
    "inventory": table(INVENTORY), "list_price": table(LIST), "deal": table(DEALS), "hosted_price": table(PRICES),
    "throughput": table(SPEEDS), "reservation_price": table(SURVEY), "ai_usage_month": used(),
    "seat_month": table(seats()),
}  # fmt: skip
