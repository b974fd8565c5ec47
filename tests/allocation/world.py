"""A small operator whose pools a, b and c cannot serve all who ask."""

from hardgate.core.terms import Rows, Scope
from tests.capacity import world as capacity
from tests.evidence import table

SCOPE = Scope.of(region="north", accelerator="H20", pool="a", tenant="t1", workload="w1")
ASSUMPTIONS = {"durability_months": 36.0, "preemption_cost": 0.5}
REQUESTS = """
    day         workload tenant gpus gang accelerators regions contribution currency committed_gpus term_months renewal penalty incumbent_pool incumbent_gpus needed_to
    2026-03-01  w1       t1     40   8    H20=1        north   10           RMB      16             36          0.5     2       -              -              -
    2026-03-01  w2       t2     60   1    H20=1        -       3            RMB      -              -           -       -       a              60             -
    2026-03-01  w3       t2     80   1    H20=1,L20=.5 -       2            USD      -              12          0.8     -       b              20             2027-01-01
    2026-03-01  w4       t3     30   1    L20=1        south   1            RMB      -              -           -       -       -              -              -
    2026-03-01  w5       t3     30   1    B200=1       -       9            RMB      -              -           -       -       -              -              -
    2026-03-01  w6       t1     10   1    H20=1        -       9            RMB      -              6           -       -       -              -              2026-06-01
"""
FLOORS = "day tenant gpus valid_to\n2026-01-01 t2 30 -\n2025-01-01 t3 5 2026-01-01"
# Seconds since 1970; the last week of the world begins at 1788134400 (2026-08-31).
RUNS = """
    day         workload tenant region accelerator pool gpus queued_s   start_s    end_s
    2026-08-31  j1       t1     north  H20         a    60   1788134400 1788134400 1788393600
    2026-08-31  j2       t2     north  H20         a    50   1788138000 1788393600 1788480000
    2026-09-03  j2       t2     north  H20         a    50   1788138000 1788393600 1788480000
    2026-09-01  w1       t1     north  H20         a    16   1788220800 1788220800 -
    2026-09-02  j3       t3     south  L20         c    30   1788307200 -          1788393600
    2026-09-02  j4       t3     south  L20         c    30   1788307200 1788307200 1788310800
    2026-09-02  j5       t3     -      -           -    30   1788307200 1788307200 1788310800
"""
TABLES: dict[str, Rows] = {
    "pool_day": capacity.TABLES["pool_day"],
    "exchange_rate": capacity.TABLES["exchange_rate"],
    "request": table(REQUESTS),
    "tenant_floor": table(FLOORS),
    "workload_run": table(RUNS),
}
