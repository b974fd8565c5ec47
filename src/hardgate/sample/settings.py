"""The sample's hardgate.toml: where each table comes from, and how late each becomes known."""

from collections.abc import Mapping
from pathlib import Path

from hardgate.sample import adoption_files, city_settings
from hardgate.sample.calendar import STEP
from hardgate.sample.dcgm_samples import SM_ACTIVE
from hardgate.sample.draft import Draft
from hardgate.sample.files import BILLS, PODS, TELEMETRY, write_text
from hardgate.sample.focus_bills import BILLED_AFTER
from hardgate.sample.operator import RMB, Pool
from hardgate.sample.sales_ledger import PRODUCTS

_POOL = "lower(site || '-' || card)"

_HEAD = """\
# The workspace of an invented operator, made by `hardgate init --sample`. Its figures are no one's.
currency = "{currency}"
as_of = "{as_of}"            # pinned: the sample's data end on the day before
fiscal_year_start = 4
cost_source = "cost_and_usage"

[engine]
address = "duckdb"
memory = "2GB"

[telemetry]
activity_field = {field}         # DCGM_FI_PROF_SM_ACTIVE
active_at_least = 0.5
samples_per_hour = {per_hour}
enough = 0.5

[ledger]
address = ".hardgate/ledger.sqlite"

# Where each table comes from. Headers that are not ours are mapped; SQL over a file's columns is allowed.

[[inputs]]
source = "dcgm"
files = ["{telemetry}/*.parquet"]

[[inputs]]
source = "kubernetes"
files = ["{pods}/*.csv"]

[[inputs]]
source = "focus"
files = ["{bills}/*.csv"]

[[inputs]]
source = "otel_genai"
files = ["data/genai_spans.csv"]
"""

_TABLES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    (
        "capacity",
        "inventory",
        {
            "asset": "asset_no",
            "pool": _POOL,
            "gpus": "cards",
            "ordered_on": "po_date",
            "live_date": "ready_date",
            "retire_date": "out_date",
            "maintenance_share": "repair_share",
            "capex": "price_total",
            "currency": "ccy",
            "useful_life_months": "life_m",
            "kilowatts": "kw",
        },
    ),
    (
        "capacity_plan",
        "capacity_plan*",
        {
            "tranche": "project",
            "pool": _POOL,
            "gpus": "cards",
            "amount": "budget",
            "currency": "ccy",
            "proposed_on": "submitted",
            "commit_date": "commit_by",
            "live_date": "energised",
            "ramp_months": "ramp_m",
            "requested_by": "sponsor",
            "released_share": "released",
            "attach_rate": "ai_attach",
        },
    ),
    (
        "cancel_fees",
        "cancel_fees",
        {"tranche": "project", "from_date": "valid_from", "currency": "ccy", "agreed_on": "agreed"},
    ),
    (
        "contracts",
        "contracts",
        {
            "contract": "contract_no",
            "customer": "customer_id",
            "pool": _POOL,
            "tranche": "pledged_to",
            "signed_on": "signed",
            "start_date": "service_from",
            "end_date": "service_to",
            "committed_amount": "value",
            "committed_gpu_hours": "gpu_hours",
            "currency": "ccy",
            "termination": "exit",
            "portable": "may_move",
            "credit_grade": "grade",
            "ramp_months": "ramp_m",
        },
    ),
    (
        "sales",
        "sales",
        {
            "account": "customer_id",
            "product": "sku",
            "pool": _POOL,
            "month": "date_trunc('month', month_end)",
            "quantity": "gpu_hours",
            "net_revenue": "revenue_net",
            "variable_cost": "cost_to_serve",
            "currency": "ccy",
        },
    ),
    (
        "exchange_rates",
        "exchange_rates",
        {"from_currency": "base", "to_currency": "quote", "day": "valid_from", "rate": "mid"},
    ),
    (
        "price_list",
        "price_list",
        {
            "product": "sku",
            "unit": "sold_by",
            "price": "list_price",
            "currency": "ccy",
            "included_tokens": "null",
            "valid_from": "from_day",
            "valid_to": "to_day",
            "decided_on": "decided",
        },
    ),
    (
        "deals",
        "quotes",
        {
            "deal": "quote",
            "account": "customer_id",
            "product": "sku",
            "discount": "off",
            "quantity": "units",
            "amount": "value",
            "currency": "ccy",
            "close_date": "sign_by",
            "offered_by": "seller",
            "proposed_on": "offered",
        },
    ),
    (
        "hosted_prices",
        "supplier_prices",
        {"provider": "supplier", "model": "service", "kind": "meter", "currency": "ccy", "valid_from": "from_day"},
    ),
    (
        "throughputs",
        "load_tests",
        {
            "accelerator": "card",
            "kind": "tokens",
            "tokens_per_second": "per_second",
            "measured_on": "measured",
            "source": "report",
        },
    ),
    (
        "seats",
        "seats",
        {
            "account": "customer_id",
            "product": "sku",
            "month": "date_trunc('month', month_end)",
            "currency": "ccy",
        },
    ),
    (
        "reservation_prices",
        "willingness_to_pay",
        {
            "customers": "firms",
            "product": "sku",
            "quantity": "units",
            "value": "would_pay",
            "deviation": "error",
            "currency": "ccy",
            "surveyed_on": "held_on",
        },
    ),
    (
        "workload_requests",
        "requests",
        {
            "workload": "job",
            "tenant": "customer_id",
            "gpus": "cards_wanted",
            "gang": "together",
            "accelerators": "card_types",
            "regions": "sites",
            "contribution": "margin_per_card_hour",
            "currency": "ccy",
            "committed_gpus": "promised",
            "term_months": "bound_months",
            "renewal": "renews",
            "penalty": "fine",
            "incumbent_pool": "runs_in",
            "incumbent_gpus": "runs_on",
            "submitted": "asked_on",
            "needed_from": "from_day",
            "needed_to": "to_day",
        },
    ),
    ("general_ledger", "general_ledger", {"month": "date_trunc('month', month_end)", "currency": "ccy"}),
    *adoption_files.TABLES,
    (
        "programmes",
        "programme",
        {
            "pool": _POOL,
            "spend_date": "spend_on",
            "gpus": "cards",
            "amount": "budget",
            "currency": "ccy",
            "lead_months": "lead_m",
            "life_months": "life_m",
            "ramp_months": "ramp_m",
            "stated_on": "stated",
        },
    ),
    ("drivers", "drivers", {"source": "origin", "stated_on": "stated"}),
    ("other_segments", "other_segments", {"quarter": "quarter_start", "currency": "ccy", "stated_on": "stated"}),
    (
        "asset_register",
        "asset_register",
        {
            "asset": "asset_no",
            "pool": _POOL,
            "currency": "ccy",
            "in_service_date": "in_service",
            "life_months": "life_m",
            "impairment": "impaired",
        },
    ),
    (
        "facts",
        "releases",
        {
            "company": "issuer",
            "concept": "line",
            "period_start": "from_day",
            "period_end": "to_day",
            "value": "amount",
            "unit": "in_unit",
            "document": "release",
            "filed": "out_on",
        },
    ),
)
"""Our table, the file that holds it, and what each of our columns that is called otherwise is called there."""

_KNOWN_AFTER = {
    "accelerator_samples": 1,
    "workload_allocations": 1,
    "cost_and_usage": BILLED_AFTER,
    "sales": 36,
    "general_ledger": 36,
    "exchange_rates": 0,
    "usage_events": 1,
    "seats": 36,
    "hosted_prices": 0,
    "throughputs": 0,
    "reservation_prices": 0,
    **adoption_files.KNOWN_AFTER,
    "asset_register": 5,
}

_WHY = {
    "sales": "months close five days after their end",
    "general_ledger": "the books close with the sales",
}


def write_settings(draft: Draft, pools: Mapping[str, Pool]) -> Path:
    """Write hardgate.toml."""
    head = _HEAD.format(
        currency=RMB,
        as_of=draft.span.as_of,
        field=SM_ACTIVE,
        per_hour=3600 // STEP,
        telemetry=TELEMETRY,
        pods=PODS,
        bills=BILLS,
    )
    named = [*map(_product, PRODUCTS.values()), *map(_pool, pools.values()), *map(_identities, pools.values())]
    parts = [head, *map(_input, (*_TABLES, *city_settings.TABLES)), _known(), *named]
    return write_text(draft.folder / "hardgate.toml", "\n".join(parts))


def _input(table: tuple[str, str, Mapping[str, str]]) -> str:
    name, file, columns = table
    mapped = "".join(f'columns.{ours} = "{theirs}"\n' for ours, theirs in columns.items())
    return f'[[inputs]]\nsource = "table"\ntable = "{name}"\nfiles = ["data/{file}.csv"]\n{mapped}'


def _known() -> str:
    lines = ["# How many days after its day a row is known, where the row does not say so itself."]
    for table, days in (_KNOWN_AFTER | city_settings.KNOWN_AFTER).items():
        why = f"  # {_WHY[table]}" if table in _WHY else ""
        lines.append(f'[tables.{table}]\nknown_after = "{days} days"{why}\n')
    return "\n".join(lines)


def _product(name: str) -> str:
    return f'[[products]]\nproduct = "{name}"\nname = "{name.replace("-", " ")}"\nkind = "compute"\n'


def _pool(pool: Pool) -> str:
    return f'[[pools]]\npool = "{pool.name}"\nregion = "{pool.region}"\naccelerator = "{pool.accelerator.name}"\n'


def _identities(pool: Pool) -> str:
    """Return the rules that find a pool's rows; what no rule finds stays in the unallocated row."""
    rules = (
        ("accelerator_samples", "cluster", "exact", pool.cluster),
        ("workload_allocations", "cluster", "exact", pool.cluster),
        ("cost_and_usage", "tags", "tag", f"pool={pool.name}"),
        ("cost_and_usage", "commitment_discount_id", "prefix", f"lease/{pool.code}/"),
        ("general_ledger", "cost_centre", "exact", f"CC-{pool.code.upper()}"),
    )
    return "\n".join(
        f'[[identities]]\ntable = "{table}"\ncolumn = "{column}"\nrule = "{rule}"\n'
        f'match = "{match}"\npool = "{pool.name}"\n'
        for table, column, rule, match in rules
    )
