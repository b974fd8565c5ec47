"""What the CRM, product analytics and subscription billing export of the sample's accounts, under their own headers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from hardgate.core.days import add_months, months_between
from hardgate.sample.adopters import MONTHS, PILOTS, Adopter, adopters, revenue_start
from hardgate.sample.draft import Draft
from hardgate.sample.files import write_csv
from hardgate.sample.operator import RMB
from hardgate.sample.pipeline_files import write_campaigns, write_pipeline

TABLES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    (
        "accounts",
        "crm_accounts",
        {
            "account": "account_id",
            "segment": "tier",
            "eligible_from": "workload_since",
            "eligible_to": "workload_until",
            "access_granted": "ai_enabled",
            "architecture": "blueprint",
            "offer": "lot",
            "offered_on": "lot_drawn",
            "recorded_on": "changed_on",
        },
    ),
    ("feature_usage", "product_analytics", {"account": "org", "rung": "stage", "day": "date", "events": "n"}),
    (
        "recurring_revenue",
        "subscriptions",
        {
            "account": "account_id",
            "product": "plan",
            "month": "date_trunc('month', period_end)",
            "amount": "mrr",
            "variable_cost": "cogs",
            "currency": "ccy",
        },
    ),
    (
        "opportunities",
        "crm_opportunities",
        {
            "opportunity": "opp_no",
            "account": "account_id",
            "kind": "case type when 'Existing Business' then 'expansion' else 'new' end",
            "segment": "tier",
            "product": "plan",
            "stage": "lower(regexp_replace(stage, 'Closed ', ''))",
            "amount": "acv",
            "hours": "hours_logged",
            "cost": "programme_spend",
            "currency": "ccy",
            "updated_on": "modified",
        },
    ),
    (
        "sales_plan",
        "sales_plan",
        {
            "campaign": "name",
            "segment": "tier",
            "currency": "ccy",
            "decide_by": "go_or_no_go",
            "requested_by": "owner",
            "proposed_on": "submitted",
        },
    ),
)
"""Our table, the file that holds it, and what each of our columns that is called otherwise is called there."""
KNOWN_AFTER = {"feature_usage": 1, "recurring_revenue": 36}
CASES = {"cn-north-edge-2": 0.25, "cn-east-hall-3": 0.35}
"""The attach rate that the business case of a tranche rests on, where it names one."""

ACCOUNT = (
    "account_id", "region", "tier", "workload_since", "workload_until", "ai_enabled", "blueprint", "lot", "lot_drawn",
    "changed_on",
)  # fmt: skip
USAGE = ("org", "feature", "stage", "date", "n", "paid", "trial")
REVENUE = ("account_id", "plan", "feature", "period_end", "mrr", "cogs", "gpu_hours", "ccy")
STAGES = (("chat-api", "inference"), ("knowledge-base", "dataset"), ("fine-tuning", "customization"))

_BASE_COST, _AI_COST = 0.52, 0.40
_PER_GPU_HOUR = {"enterprise": 34.0, "growth": 26.0, "startup": 19.0}
_DAYS_A_WEEK, _TRIES = 2.6, 0.35
_CLIMB = 75


def write_adoption(draft: Draft, strength: Mapping[str, float]) -> list[Path]:
    """Write accounts, product analytics, subscriptions, the pipeline and the sales plan."""
    found = adopters(draft, strength)
    return [
        write_csv(draft.data / "crm_accounts.csv", ACCOUNT, _changes(found)),
        write_csv(draft.data / "product_analytics.csv", USAGE, sorted(_usage(draft, found))),
        write_csv(draft.data / "subscriptions.csv", REVENUE, _subscriptions(draft, found)),
        write_pipeline(draft, found, strength),
        write_campaigns(draft),
    ]


def _changes(found: Sequence[Adopter]) -> Iterator[tuple[object, ...]]:
    """Yield a row for each change of an account: when it came, when it was drawn, and when it was given access."""
    for one in found:
        place = (one.name, one.region, one.segment, one.eligible_from, "")
        lot = (one.offer, one.offered_on or "")
        yield (*place, "", "", "", "", one.eligible_from)
        if one.offered_on is not None and one.offered_on > one.eligible_from:
            yield (*place, "", "", *lot, one.offered_on)
        if one.access is not None:
            last = max(one.access, one.offered_on or one.access)
            yield (*place, one.access, one.architecture, *lot, max(last, one.eligible_from + timedelta(days=1)))


def _usage(draft: Draft, found: Sequence[Adopter]) -> Iterator[tuple[object, ...]]:
    """Yield what each account did on which day, tries before it paid, and nothing after it stalled."""
    for at, one in enumerate(found):
        random = draft.draws("usage", one.name)
        if one.access is None:
            continue
        yield from _tries(random, draft, one)
        if one.begun is None:
            continue
        last = one.stalled or draft.span.as_of
        share = 1.0 if at < PILOTS else float(np.clip(random.normal(_DAYS_A_WEEK, 0.6) / 7, 0.15, 0.7))
        for rung in range(one.deep + 1):
            first = one.begun + timedelta(days=rung * _CLIMB)
            length = (last - first).days
            if length > 0:
                hits = random.random(length) < (share if rung == 0 else share / 2)
                hits[0] = True
                counts = 1 + random.poisson(24 / (1 + 2 * rung), length)
                for day in np.flatnonzero(hits).tolist():
                    yield (one.name, *STAGES[rung], first + timedelta(days=day), int(counts[day]), "true", "false")


def _tries(random: np.random.Generator, draft: Draft, one: Adopter) -> Iterator[tuple[object, ...]]:
    """Yield the days of a trial: those who will pay try in the weeks before, some others do, too."""
    if one.access is None:
        return
    last = one.begun or one.access + timedelta(days=90)
    if one.begun is None and random.random() >= _TRIES:
        return
    first = max(one.access, last - timedelta(days=45))
    for offset in range(min((last - first).days, (draft.span.as_of - first).days)):
        if random.random() < 0.2:
            day = first + timedelta(days=offset)
            yield (one.name, *STAGES[0], day, 1 + int(random.poisson(4)), "false", "true")


def _subscriptions(draft: Draft, found: Sequence[Adopter]) -> Iterator[tuple[object, ...]]:
    """Yield what each account paid in every finished month, for its workloads and for each feature."""
    start = revenue_start(draft)
    for one in found:
        random = draft.draws("subscriptions", one.name)
        for at in range(MONTHS):
            month = add_months(start, at)
            end = add_months(month, 1) - timedelta(days=1)
            if one.base[at] <= 0:
                continue
            spent = one.base[at] * _BASE_COST * float(random.normal(1.0, 0.03))
            yield (one.name, "gpu-cloud", "", end, f"{one.base[at]:.2f}", f"{spent:.2f}", "", RMB)
            yield from _features(one, at, end, start)


def _features(one: Adopter, at: int, end: date, start: date) -> Iterator[tuple[object, ...]]:
    if one.begun is None or (one.stalled is not None and at > months_between(start, one.stalled)):
        return
    for rung in range(one.deep + 1):
        if at >= months_between(start, one.begun + timedelta(days=rung * _CLIMB)):
            amount = one.base[at] * one.rate / (1 + rung)
            hours = amount / _PER_GPU_HOUR[one.segment]
            cost = amount * _AI_COST
            yield (one.name, "ai", STAGES[rung][0], end, f"{amount:.2f}", f"{cost:.2f}", f"{hours:.3f}", RMB)
