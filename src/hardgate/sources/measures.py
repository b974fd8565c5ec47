"""Our names for what filings call by many: the tags of each measure in order of preference, and the words of its rows.

A tag changes over time (revenue of one issuer stood under three), so that a measure has several and the first that a
period has is taken. Wrong when an issuer uses a tag for something narrower than its name: the fact keeps its own tag,
and `hardgate show watch.facts` names the one that is used.

Source: the us-gaap and ifrs-full taxonomies; the words of rows as quarterly releases print them.

>>> measure_of("us-gaap:PaymentsToAcquirePropertyPlantAndEquipment"), rank("us-gaap:Revenues") > 0
('capex', True)
>>> measure_of_row("Income (loss) from operations"), measure_of_row("Cost of revenue")
('operating_income', None)
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

TAGS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "revenue": (
            "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax",
            "us-gaap:Revenues",
            "us-gaap:SalesRevenueNet",
            "us-gaap:RevenueFromContractWithCustomerIncludingAssessedTax",
            "ifrs-full:Revenue",
        ),
        "operating_income": ("us-gaap:OperatingIncomeLoss", "ifrs-full:ProfitLossFromOperatingActivities"),
        "net_income": ("us-gaap:NetIncomeLoss", "us-gaap:ProfitLoss", "ifrs-full:ProfitLoss"),
        "operating_cash_flow": (
            "us-gaap:NetCashProvidedByUsedInOperatingActivities",
            "us-gaap:NetCashProvidedByUsedInOperatingActivitiesContinuingOperations",
            "ifrs-full:CashFlowsFromUsedInOperatingActivities",
        ),
        "capex": (
            "us-gaap:PaymentsToAcquirePropertyPlantAndEquipment",
            "us-gaap:PaymentsToAcquireProductiveAssets",
            "ifrs-full:PurchaseOfPropertyPlantAndEquipmentClassifiedAsInvestingActivities",
        ),
        "depreciation": (
            "us-gaap:DepreciationDepletionAndAmortization",
            "us-gaap:DepreciationAmortizationAndAccretionNet",
            "us-gaap:DepreciationAndAmortization",
            "us-gaap:Depreciation",
            "ifrs-full:DepreciationAndAmortisationExpense",
        ),
        "backlog": ("us-gaap:RevenueRemainingPerformanceObligation",),
        "impairment": (
            "us-gaap:ImpairmentOfLongLivedAssetsHeldForUse",
            "us-gaap:AssetImpairmentCharges",
            "ifrs-full:ImpairmentLossRecognisedInProfitOrLoss",
        ),
        "eps_diluted": ("us-gaap:EarningsPerShareDiluted", "ifrs-full:DilutedEarningsLossPerShare"),
    }
)
"""The measures that a statement of accounts is read for, each with its tags, the preferred one first."""

_BY_TAG = {tag: (name, at) for name, tags in TAGS.items() for at, tag in enumerate(tags)}
LAST = 99
"""The rank of what is no tag of ours."""

_LOSS = r"( \(loss\))?"
_ROWS = (
    ("revenue", r"(total |consolidated |net )?revenues?"),
    ("operating_income", rf"(consolidated )?(income|profit){_LOSS} from operations"),
    (
        "operating_income",
        rf"operating (income|profit){_LOSS}|\(loss\) income from operations|income/\(loss\) from operations",
    ),
    ("net_income", rf"net (income|profit){_LOSS}|profit for the (period|year)"),
    ("adjusted_ebita", r"(consolidated )?adjusted ebita"),
    ("adjusted_ebitda", r"(consolidated )?adjusted ebitda"),
    ("non_ifrs_operating_profit", r"non-ifrs operating profit"),
    ("operating_cash_flow", r"net cash (provided by|generated from|flows? from)[a-z \(\)/]*operating activities"),
    ("operating_cash_flow", r"net cash \(used in\) provided by operating activities"),
    ("free_cash_flow", r"free cash flow( \(non-gaap\))?"),
    ("capex", r"(total )?capital expenditures?|purchases? of property(, plant)? and equipment"),
    ("depreciation", r"depreciation( and amorti[sz]ation)?( expense)?"),
    ("customer_management_revenue", r"customer management"),
    ("impairment", r"impairment of long-lived assets"),
)
_WORDS = tuple((name, re.compile(words)) for name, words in _ROWS)


def measure_of(tag: str) -> str | None:
    """Return our name of a tag; None where we have none."""
    return _BY_TAG.get(tag, (None, LAST))[0]


def issuer(name: str) -> str:
    """Return an issuer's name as it is written in one way: registers print in capitals what filings do not.

    >>> issuer("ALPHABET INC."), issuer("Alphabet Inc."), issuer("Baidu, Inc.")
    ('Alphabet Inc.', 'Alphabet Inc.', 'Baidu, Inc.')

    """
    said = " ".join(name.split())
    return said.title() if said.isupper() else said


def rank(tag: str) -> int:
    """Return how far down a tag stands in its measure; what is no tag of ours comes last."""
    return _BY_TAG.get(tag, ("", LAST))[1]


def measure_of_row(words: str) -> str | None:
    """Return our name of a row of a printed table; None where we have none."""
    said = re.sub(r"\s*(\(\d+\)|[*†]|:)+$", "", " ".join(words.lower().split()))
    return next((name for name, pattern in _WORDS if pattern.fullmatch(said)), None)
