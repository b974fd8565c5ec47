"""The small operator of capacity, with what outlook asks of policy."""

from tests.capacity import world as capacity

TABLES = dict(capacity.TABLES)
SCOPE = capacity.SCOPE
ASSUMPTIONS = {"capex_budget": 5_000_000.0, "lease_per_gpu_month": 3000.0}
