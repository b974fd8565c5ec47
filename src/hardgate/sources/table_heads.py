"""The heads of a printed table: which period, currency, unit and kind each of its columns speaks of.

"Three months ended September 30," over "2025" and "RMB" is the quarter from July 1 to September 30 in RMB. Wrong for
heads in other languages than English.

>>> told = head("Three months ended September 30, 2025 RMB (in millions)")
>>> told.start, told.end, told.currency, told.scale
('2025-07-01', '2025-09-30', 'RMB', 1000000)
>>> head("% Change").percent, head("YoY").percent, head("2025 Cloud RMB").rest
(True, True, 'cloud')
"""

import re
from calendar import monthrange
from dataclasses import dataclass

MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12,
}  # fmt: skip
_SHORT = {name[:3]: at for name, at in MONTHS.items()} | {"sept": 9}
_MONTH = rf"({'|'.join([*MONTHS, *sorted(_SHORT, key=len, reverse=True)])})\b\.?"
_DATE = re.compile(rf"{_MONTH}\s+(\d{{1,2}})\b,?(?:\s*(\d{{4}}))?")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})\s+{_MONTH},?(?:\s*(\d{{4}}))?")
_YEAR = re.compile(r"\b(19|20)\d{2}\b")
_LENGTHS = (
    (3, re.compile(r"(three|3)[ -]months?( period)?|quarter(s|ly)?( ended)?\b|\bq[1-4]\b")),
    (6, re.compile(r"(six|6)[ -]months?( period)?|half[ -]year|first half")),
    (9, re.compile(r"(nine|9)[ -]months?( period)?")),
    (12, re.compile(r"(twelve|12)[ -]months?( period)?|(fiscal )?years?( ended)?\b")),
)
_CURRENCIES = (
    ("RMB", re.compile(r"\brmb\b|\bcny\b|\u00a5|renminbi")),
    ("HKD", re.compile(r"hk\$|\bhkd\b")),
    ("USD", re.compile(r"us\$|\busd\b|u\.s\. dollars?|(?<![a-z])\$")),
    ("EUR", re.compile(r"\u20ac|\beur\b")),
    ("GBP", re.compile(r"\u00a3|\bgbp\b")),
)
_SCALES = ((10**3, r"thousands?|'000|\b000s\b"), (10**6, r"millions?|\bmn\b"), (10**9, r"billions?|\bbn\b"))
_PERCENT = re.compile(r"%|\byoy\b|year[ -]over[ -]year|percent")
_CHANGE = re.compile(r"\bchange\b|\bfrom (the )?prior (period|year|quarter)\b|\bas reported\b|\bon\b")
_SHARE = re.compile(r"(% of|as a percentage of|margin)")
_NOISE = re.compile(
    r"\(?\b(un)?audited\)?|\(?except[^)]*\)?|\bended\b|\bas of\b|\bfor the\b|\bthe\b|\bnotes?( \d+)?\b|\bin\b|\band\b|"
    r"[(),.:;/|$\u00a5%]|\s+"
)


@dataclass(frozen=True, slots=True)
class Head:
    """What a column's head says; None is not said. `rest` is what it says beside that: a segment, or nothing."""

    start: str | None = None
    end: str | None = None
    currency: str | None = None
    scale: int | None = None
    percent: bool = False
    share: bool = False
    rest: str = ""
    mixed: bool = False
    months: int | None = None

    @property
    def period(self) -> tuple[str | None, str | None]:
        """The first and last day."""
        return self.start, self.end


def head(text: str) -> Head:
    """Read the head of a column."""
    said = " ".join(text.lower().replace("\u00a0", " ").split())
    months = next((count for count, pattern in _LENGTHS if pattern.search(said)), None)
    start, end = _period(said, months)
    found = currencies(said)
    kind = re.sub(r"except[^)]*", "", said)
    percent, changed = bool(_PERCENT.search(kind)), re.search(r"\bchange\b", kind)
    if changed and not percent:
        start = end = None  # an amount of change is no figure of a period, and one without a sign is a percentage
        percent = not found
    return Head(
        start, end, found[0] if len(found) == 1 else None, scale(said), percent=percent,
        share=bool(_SHARE.search(said)), rest=_rest(said), mixed=len(found) > 1, months=months,
    )  # fmt: skip


def currencies(text: str) -> list[str]:
    """Return the currencies that a text names; US$ is no $ of its own."""
    said = text.lower()
    found = []
    for name, pattern in _CURRENCIES:
        if pattern.search(said):
            found.append(name)
            said = pattern.sub(" ", said)
    return found


def scale(text: str) -> int | None:
    """Return what figures are to be multiplied by, or None where a text does not say it."""
    said = text.lower()
    if re.search(r"\bin (rmb|us\$|usd|hk\$|dollars)\b(?!\s*(thousand|million|billion))", said):
        return 1
    return next((factor for factor, words in _SCALES if re.search(words, said)), None)


def _period(said: str, months: int | None) -> tuple[str | None, str | None]:
    date, day_first = _DATE.search(said), _DAY_FIRST.search(said)
    year = _YEAR.search(said)
    if date is not None:
        month, day, told = _month(date[1]), int(date[2]), date[3]
    elif day_first is not None:
        month, day, told = _month(day_first[2]), int(day_first[1]), day_first[3]
    else:
        return None, None
    which = told or (year[0] if year else None)
    if which is None or not 1 <= day <= monthrange(int(which), month)[1]:
        return None, None
    last = f"{which}-{month:02d}-{day:02d}"
    return (None if months is None else _first(int(which), month, day, months)), last


def _month(word: str) -> int:
    return MONTHS.get(word) or _SHORT[word.rstrip(".")]


def _first(year: int, month: int, day: int, months: int) -> str:
    """Return the first day of so many months that end on a day; one that ends within a month began the day after."""
    back = year * 12 + month - 1 - months
    first_year, first_month = divmod(back, 12)
    if day >= monthrange(year, month)[1]:
        first_year, first_month = divmod(back + 1, 12)
        return f"{first_year}-{first_month + 1:02d}-01"
    last = monthrange(first_year, first_month + 1)[1]
    if day + 1 > last:
        first_year, first_month = divmod(back + 1, 12)
        return f"{first_year}-{first_month + 1:02d}-01"
    return f"{first_year}-{first_month + 1:02d}-{day + 1:02d}"


def _rest(said: str) -> str:
    told = (_CHANGE, *(one for _, one in _LENGTHS), *(one for _, one in _CURRENCIES))
    for pattern in (_DATE, _DAY_FIRST, _YEAR, *told, _PERCENT):
        said = pattern.sub(" ", said)
    for _, words in _SCALES:
        said = re.sub(words, " ", said)
    return _NOISE.sub(" ", said).strip()
