"""The SQL that DuckDB and Spark share: literals, types, and the macros that fill what Spark has and DuckDB lacks.

Views take no bind parameters on either engine, so a rollup's `:names` are filled in as literals, by one function that
tests know. Wrong for text from outside that is meant to be SQL: a literal is always data.

>>> bind_literals("select :day as day, ':day' as kept", {"day": date(2026, 9, 7)})
"select date '2026-09-07' as day, ':day' as kept"
"""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from hardgate.core.errors import Misconfigured, nearest
from hardgate.core.terms import Cell

MONEY = "decimal(38,10)"
"""The type of every amount: 28 digits before the point and 10 after."""

TYPES: Mapping[str, str] = {
    "text": "string",
    "integer": "bigint",
    "number": "double",
    "money": MONEY,
    "date": "date",
    "timestamp": "timestamp",
    "boolean": "boolean",
}
"""The SQL type of each type that a schema's column may have."""

MACROS: Mapping[str, str] = {
    "datediff(a, b)": "date_diff('day', cast(b as date), cast(a as date))",
    "unix_timestamp(t)": "cast(epoch(t) as bigint)",
    "regexp_like(s, p)": "regexp_matches(s, p)",
    "array_size(a)": "len(a)",
    "try_divide(a, b)": "cast(a as double) / nullif(cast(b as double), 0)",
    "dayofweek(d)": "isodow(d) % 7 + 1",
    "add_months(d, n)": "cast(d + to_months(cast(n as integer)) as date)",
    "date_add(d, n)": "cast(d as date) + cast(n as integer)",
}
"""What Spark has under these names; DuckDB gets them as macros."""

_TOKENS = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|::|:([A-Za-z_]\w*)", re.DOTALL)


def literal(value: Cell | datetime) -> str:
    """Write one value as SQL that both engines read alike.

    Raises:
        ValueError: a number that is not finite, text with a zero byte, or a time with a zone, which would be shifted.

    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return text(value)
    if isinstance(value, date):
        return _moment(value)
    return _number(value)


def _moment(value: date) -> str:
    if not isinstance(value, datetime):
        return f"date '{value.isoformat()}'"
    if value.tzinfo is not None:
        message = f"{value} has a time zone: times are UTC without one"
        raise ValueError(message)
    return f"timestamp '{value.isoformat(sep=' ')}'"


def _number(value: float | Decimal) -> str:
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        message = f"{value} cannot be written as SQL: give a finite number, or None for what is unknown"
        raise ValueError(message)
    return f"cast('{value:f}' as {MONEY})" if isinstance(value, Decimal) else f"cast('{value!r}' as double)"


def text(value: str) -> str:
    """Write text as a literal; a backslash, which Spark reads as an escape, is put in by its code."""
    if "\0" in value:
        message = f"text {value!r} holds a zero byte, which no engine stores"
        raise ValueError(message)
    quoted = value.replace("'", "''")
    if "\\" not in quoted:
        return f"'{quoted}'"
    parts = [f"'{part}'" for part in quoted.split("\\")]
    return "concat(" + ", chr(92), ".join(parts) + ")"


def identifier(name: str) -> str:
    """Return the name of a table or column as SQL; names are lower-case words, so that neither engine needs quotes.

    Raises:
        ValueError: it is not such a word.

    """
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        message = f"{name!r} cannot name a table or column: use lower-case letters, digits and underscores"
        raise ValueError(message)
    return name


def values(items: Iterable[Cell]) -> str:
    """Return a bracketed list of literals for `in`; of nothing, one that nothing is in."""
    return "(" + (", ".join(literal(item) for item in items) or "null") + ")"


def parameters(sql: str) -> tuple[str, ...]:
    """Return every `:name` outside of quotes and comments, sorted."""
    return tuple(sorted({match[1] for match in _TOKENS.finditer(sql) if match[1]}))


def bind_literals(sql: str, names: Mapping[str, Cell]) -> str:
    """Fill in every `:name` outside of quotes and comments.

    Raises:
        Misconfigured: the SQL asks for a name that is not given.

    """

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name is None:
            return match[0]
        if name not in names:
            message = f"the SQL asks for :{name}, which is not given; {nearest(name, names)}"
            raise Misconfigured(message)
        return literal(names[name])

    return _TOKENS.sub(fill, sql)


def bare(sql: str) -> str:
    """Return the SQL in lower case without comments, and with every quoted text empty."""
    return _TOKENS.sub(
        lambda match: "''" if match[0].startswith("'") else " " if match[0][:2] in {"--", "/*"} else match[0], sql
    ).lower()


_FORBIDDEN: Mapping[str, str] = {
    r"\bqualify\b": "qualify: filter in an outer select",
    r"\*\s*(except|exclude|replace)\b": "select * except: name the columns",
    r"\bgroup\s+by\s+all\b": "group by all: name the columns",
    r"::": "a cast with two colons: write cast(x as type)",
    r"//": "integer division: write cast(floor(a / b) as bigint)",
    r"\bvarchar\b": "varchar, which Spark takes with a length only: write string",
    r"\[": "a list or an index: no lists past ingestion",
    r"\b(list|struct|map|unnest|array|json\w*|array_agg|explode)\s*\(": "a list, map or JSON: none past ingestion",
    r"\bu(tiny|small|big|huge)?int(eger)?\b|\bhugeint\b|\bunsigned\b": "an integer type that Spark lacks: use bigint",
    r"\b(first|last|any_value|arbitrary|mode|random|rand|now|current_date|current_timestamp|today)\s*\(": (
        "a result that may change from run to run"
    ),
    r"\b(asof|positional|lateral|pivot|unpivot|using\s+sample|tablesample)\b": "a clause that the engines do not share",
    r"\bilike\b|\bsimilar\s+to\b|\bglob\b": "a match that the engines do not share: use regexp_like",
    r"\btimestamptz\b|\bwith\s+time\s+zone\b|\bat\s+time\s+zone\b": "a time zone: times are UTC without one",
    r"\bread_\w+\s*\(": "a file: rollups read relations",
    r"\$\d|\?": "a bind parameter: views take none",
}


def check(sql: str) -> list[str]:
    """Return what makes a rollup's SQL not portable; nothing when the engines share all of it.

    >>> check("select x // 2 from t qualify n = 1")
    ['qualify: filter in an outer select', 'integer division: write cast(floor(a / b) as bigint)']

    """
    stripped = bare(sql)
    return [problem for pattern, problem in _FORBIDDEN.items() if re.search(pattern, stripped)]
