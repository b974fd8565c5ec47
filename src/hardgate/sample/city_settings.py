"""How the sample's hardgate.toml maps the files of the delivery business, and how late each becomes known."""

from collections.abc import Mapping

_PLACE = {"city": "town", "zone": "area"}


def _fen(**columns: str) -> dict[str, str]:
    return {ours: f"{theirs}_fen / 100.0" for ours, theirs in columns.items()}


TABLES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    (
        "orders",
        "orders",
        {
            "order_id": "no", "customer": "client", **_PLACE, "segment": "kind", "product": "shop", "placed_at": "at",
            "delivered_at": "done", "currency": "'RMB'",
            **_fen(
                value="basket", commission="commission", delivery_fee="fee", discount_platform="voucher",
                discount_merchant="merchant_voucher", courier_cost="courier", payment_cost="payment",
                support_cost="support", refund="refund",
            ),
        },
    ),
    ("couriers", "courier_hours", _PLACE),
    ("city_zones", "zones", {**_PLACE, "from_date": "since"}),
    ("acquisition_spend", "acquisition", {"city": "town", "amount": "spent", "currency": "'RMB'"}),
    (
        "subsidies",
        "subsidies",
        {
            "city": "town", "from_date": "since", "to_date": "until", "amount_per_month": "a_month",
            "currency": "'RMB'", "requested_by": "sponsor",
        },
    ),
    ("city_ledger", "city_books", {"city": "town", "amount": "booked", "currency": "'RMB'"}),
    ("cost_stack", "cost_stack", {"level": "tier", "order_column": "books", "from_date": "since"}),
    (
        "experiments",
        "experiments",
        {
            "starts_on": "first_day", "ends_on": "deadline", "minimum_effect": "effect", "control_share": "control",
            "registered_on": "registered", "registered_by": "owner",
        },
    ),
    ("exposures", "exposures", {"customer": "client", "exposed_at": "at"}),
    (
        "geo_tests",
        "geo_test",
        {"cluster": "zone", "outcome": "contribution", "subsidy": "given", "currency": "'RMB'"},
    ),
)  # fmt: skip
"""Our table, the file that holds it, and what each of our columns that is called otherwise is called there."""

KNOWN_AFTER = {
    "orders": 1,
    "couriers": 1,
    "city_zones": 0,
    "acquisition_spend": 1,
    "subsidies": 0,
    "city_ledger": 36,
    "cost_stack": 0,
    "experiments": 0,
    "exposures": 1,
    "geo_tests": 1,
}
