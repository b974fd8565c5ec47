"""The sample's sales pipeline and sales plan, as a CRM exports them, under its own headers.

An hour with enterprise logos brings more than one with enterprise accounts that are there; with startups it is planted
to be the other way round, and without the plant an hour brings about as much either way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from hardgate.core.days import add_months, month_of
from hardgate.sample.adopters import LEVEL, REGIONS, Adopter
from hardgate.sample.draft import Draft
from hardgate.sample.files import write_csv
from hardgate.sample.operator import RMB

PIPELINE = (
    "opp_no", "account_id", "type", "region", "tier", "plan", "opened_on", "closed_on", "stage", "acv", "hours_logged",
    "programme_spend", "ccy", "modified",
)  # fmt: skip
PLAN = ("name", "region", "tier", "logos", "hours", "budget", "ccy", "go_or_no_go", "owner", "submitted")
EXISTING, NEW = "Existing Business", "New Business"
MONTHS = 24

_A_MONTH = 14


@dataclass(frozen=True, slots=True)
class _Trade:
    """How deals of a kind and tier go: share won, a year's value and hours on the mean, spend beside hours."""

    won: float
    value: float
    hours: float
    spend: float


_EVEN = 240_000
"""What a startup's first contract is worth where an hour brings about as much with it as with those that are there."""


def _trades(strength: Mapping[str, float]) -> dict[tuple[str, str], _Trade]:
    return {
        (EXISTING, "enterprise"): _Trade(0.50, 130_000, 60, 0),
        (EXISTING, "growth"): _Trade(0.50, 70_000, 35, 0),
        (EXISTING, "startup"): _Trade(0.50, 26_000, 20, 0),
        (NEW, "enterprise"): _Trade(0.40, 1_400_000, 160, 30_000),
        (NEW, "growth"): _Trade(0.25, 260_000, 80, 9_000),
        (NEW, "startup"): _Trade(0.15, _EVEN * (1 - strength["poor_logos"]), 50, 2_000),
    }


_CAMPAIGNS = (
    ("enterprise-logos", "", "enterprise", 12, 900, 1_200_000, 5, "wu.fei"),
    ("startup-logos", "", "startup", 60, 1_500, 600_000, 7, "wu.fei"),
    ("cn-west-growth", "cn-west", "growth", 20, 800, 500_000, 9, "tan.rui"),
)
"""Name, region, tier, logos, hours, budget, weeks to the day of decision, and who asks."""


def write_pipeline(draft: Draft, found: Sequence[Adopter], strength: Mapping[str, float]) -> Path:
    """Write two years of opportunities, and those that are open."""
    return write_csv(draft.data / "crm_opportunities.csv", PIPELINE, _opportunities(draft, found, strength))


def _opportunities(
    draft: Draft, found: Sequence[Adopter], strength: Mapping[str, float]
) -> Iterator[tuple[object, ...]]:
    end, number, trades = draft.span.as_of, 0, _trades(strength)
    regions, shares = list(REGIONS), list(REGIONS.values())
    for back in range(MONTHS, 0, -1):
        month = add_months(month_of(end), -back)
        random = draft.draws("pipeline", str(MONTHS - back))
        for kind in (EXISTING, NEW):
            for _ in range(_A_MONTH):
                number += 1
                account = found[int(random.integers(len(found)))] if kind == EXISTING else None
                tier = account.segment if account else str(random.choice(list(LEVEL)))
                region = account.region if account else str(random.choice(regions, p=shares))
                trade = trades[kind, tier]
                opened = month + timedelta(days=int(random.integers(0, 28)))
                closed = opened + timedelta(days=int(random.integers(20, 110)))
                done = closed < end
                won = random.random() < trade.won
                value, hours = (one * float(random.lognormal(-0.08, 0.4)) for one in (trade.value, trade.hours))
                stage = ("Closed Won" if won else "Closed Lost") if done else "Engaging"
                yield (
                    f"OPP-{number:05d}", account.name if account else "", kind, region, tier, "ai", opened,
                    closed if done else "", stage, f"{value:.2f}", f"{hours:.1f}",
                    f"{trade.spend:.2f}" if trade.spend else "", RMB, closed if done else opened,
                )  # fmt: skip


def write_campaigns(draft: Draft) -> Path:
    """Write the campaigns for new logos that the sales plan holds."""
    random, rows = draft.draws("campaigns"), []
    for name, region, tier, logos, hours, budget, weeks, owner in _CAMPAIGNS:
        asked = round(hours * float(np.clip(random.normal(1.0, 0.03), 0.9, 1.1)))
        decide, submitted = draft.span.as_of + timedelta(weeks=weeks), draft.span.as_of - timedelta(weeks=16)
        rows.append((name, region, tier, logos, asked, f"{budget:.2f}", RMB, decide, owner, submitted))
    return write_csv(draft.data / "sales_plan.csv", PLAN, rows)
