r"""Foreign cells become ours: the SQL that turns a value of any type into a column's type, or says why it cannot.

Text is trimmed; an empty cell, NULL and \N are null. Numbers may have thousands separators, amounts a currency sign
or the accountant's brackets, shares a percent sign; times may have an offset, which is applied, or be counted in
seconds, milli-, micro- or nanoseconds since 1970. Nothing is guessed beyond that: what does not read is rejected.
Wrong for decimal commas, which are refused, and for dates with slashes where the file's order is not said.

>>> print(typed(Column("gpus", "integer", ""), "x", "bigint").value)
cast(x as bigint)
"""

from dataclasses import dataclass

from hardgate.core.terms import Column
from hardgate.engine.portable import MONEY

_INTEGERS = {"tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger"}
_FLOATS = {"float", "double"}
_TIMES = {"date", "timestamp", "timestamp with time zone", "timestamp_s", "timestamp_ms", "timestamp_ns"}
_SIGNS = r"[$€£¥￥,\s]"
_AMOUNT = r"\(?[-+]?\s*[$€£¥￥]?\s*[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?\s*\)?"
_ISO = r"\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?)?"
_UTC = r"\s*(Z|z|UTC|GMT)?"
_OFFSET = r"\s*([+-]\d{2}(:?\d{2})?)"
_YEAR_FIRST = r"\d{4}/\d{1,2}/\d{1,2}( \d{1,2}:\d{2}(:\d{2})?)?"
_YEAR_LAST = r"\d{1,2}/\d{1,2}/(\d{2}|\d{4})( \d{1,2}:\d{2}(:\d{2})?( [AaPp][Mm])?)?"
_DAY, _MONTH, _DIGITS = r"\d{4}-\d{1,2}-\d{1,2}", r"\d{4}-\d{1,2}", r"(19|20)\d{6}"
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_EPOCH = r"-?\d{9,19}(\.\d+)?"
EARLIEST, LATEST = "1970-01-01", "2200-01-01"
"""A row is dated between these; anything else is a misread year."""


@dataclass(frozen=True, slots=True)
class Typed:
    """SQL for a cell as a value of our type, null where it cannot be one; `sure` where that cannot happen."""

    value: str
    expected: str
    sure: bool = False


def cleaned(raw: str, kind: str) -> str:
    """Return SQL for a foreign cell without what stands for nothing."""
    if kind != "varchar":
        return raw
    return f"case when upper(trim({raw})) in ('', 'NULL', '\\N') then null else trim({raw}) end"


def typed(column: Column, raw: str, kind: str, dates: str = "mdy") -> Typed:
    """Return how a cleaned cell of an SQL type becomes a value of a column."""
    if column.type == "text":
        return Typed(raw if kind == "varchar" else f"cast({raw} as varchar)", "text", sure=True)
    if column.type == "boolean":
        return _boolean(raw, kind)
    if column.type == "date":
        return Typed(_date(raw, kind, dates), "a date such as 2026-09-07", sure=kind in _TIMES)
    if column.type == "timestamp":
        return Typed(_timestamp(raw, kind, dates), "a time such as 2026-09-07T12:00:00Z", sure=kind in _TIMES)
    return _number(column, raw, kind)


def _number(column: Column, raw: str, kind: str) -> Typed:
    if column.type == "money":
        return Typed(_amount(raw, kind), "an amount such as 1200.50", sure=kind in _INTEGERS)
    if column.type == "integer" and kind in _INTEGERS:
        return Typed(f"cast({raw} as bigint)", "a whole number", sure=True)
    value = _double(raw, kind, percent=column.unit == "share")
    if column.type == "integer":
        whole = f"case when isfinite({value}) and {value} = floor({value}) then try_cast({value} as bigint) end"
        return Typed(whole, "a whole number")
    if column.unit == "share":
        # What is above 1 by rounding alone is 1.
        return Typed(f"case when {value} between 0 and 1.000001 then least({value}, 1.0) end", "a share from 0 to 1")
    return Typed(f"case when isfinite({value}) then {value} end", "a number", sure=kind in _INTEGERS)


def _double(raw: str, kind: str, *, percent: bool) -> str:
    if kind == "double":
        return raw
    if kind != "varchar":
        return f"try_cast({raw} as double)"
    signed = f"case when regexp_full_match({raw}, {_pattern(_AMOUNT)}) then try_cast({_stripped(raw)} as double) end"
    hundredth = (
        f" when {raw} like '%$%' escape '$' then try_cast(rtrim({raw}, '% ') as double) / 100" if percent else ""
    )
    return (
        f"case when try_cast({raw} as double) is not null then try_cast({raw} as double){hundredth} else {signed} end"
    )


def _amount(raw: str, kind: str) -> str:
    if kind == "varchar":
        signed = (
            f"case when regexp_full_match({raw}, {_pattern(_AMOUNT)}) then try_cast({_stripped(raw)} as {MONEY}) end"
        )
        return f"coalesce(try_cast({raw} as {MONEY}), {signed})"
    if kind in _FLOATS:
        # By its shortest text: a binary fraction times 10^10 would show digits that nobody wrote.
        return f"try_cast(cast({raw} as varchar) as {MONEY})"
    return f"try_cast({raw} as {MONEY})"


def _stripped(raw: str) -> str:
    """Take signs and separators away; brackets are a minus."""
    bare = f"regexp_replace({raw}, {_pattern(_SIGNS)}, '', 'g')"
    return f"case when {bare} like '(%)' then concat('-', {bare}[2:-2]) else {bare} end"


def _boolean(raw: str, kind: str) -> Typed:
    if kind == "boolean":
        return Typed(raw, "true or false", sure=True)
    word = f"lower(cast({raw} as varchar))"
    yes, no = "('true', 't', 'yes', 'y', '1')", "('false', 'f', 'no', 'n', '0')"
    return Typed(f"case when {word} in {yes} then true when {word} in {no} then false end", "true or false")


def _date(raw: str, kind: str, dates: str) -> str:
    if kind == "date":
        return raw
    if kind != "varchar":
        return f"cast({_timestamp(raw, kind, dates)} as date)"
    return (
        f"case when {_is(raw, _DAY)} then try_cast({raw} as date)"
        f" when {_is(raw, _MONTH)} then try_cast(concat({raw}, '-01') as date)"
        f" when {_is(raw, _DIGITS)} then cast(try_strptime({raw}, '%Y%m%d') as date)"
        f" else cast({_moment(raw, dates)} as date) end"
    )


def _timestamp(raw: str, kind: str, dates: str) -> str:
    if kind == "timestamp":
        return raw
    if kind == "timestamp with time zone":
        return f"timezone('UTC', {raw})"
    if kind == "timestamp_ns":
        return f"make_timestamp(epoch_ns({raw}) // 1000)"
    if kind == "date" or kind.startswith("timestamp"):
        return f"cast({raw} as timestamp)"
    if kind == "varchar":
        return _moment(raw, dates)
    return _epoch(f"try_cast({raw} as double)" if kind in _FLOATS else f"try_cast({raw} as decimal(38,6))")


def _moment(raw: str, dates: str) -> str:
    """Read a time from text. A plain cast would drop an offset and take 4/1/25 for the year 4."""
    slashed = "%d/%m" if dates == "dmy" else "%m/%d"
    short, long = (", ".join(f"'{slashed}/{year}{time}'" for time in _CLOCKS) for year in ("%y", "%Y"))
    written = f"try_cast(replace(rtrim({raw}, 'ZzUTCGM '), ',', '.') as timestamp)"
    shifted = f"timezone('UTC', try_cast(regexp_replace({raw}, {_pattern(_OFFSET + '$')}, '\\1') as timestamptz))"
    return (
        f"case when {_is(raw, _ISO + _UTC)} then {written}"
        f" when {_is(raw, _ISO + _OFFSET)} then {shifted}"
        f" when {_is(raw, _YEAR_FIRST)} then try_cast(replace({raw}, '/', '-') as timestamp)"
        f" when {_is(raw, _YEAR_LAST)} then coalesce(try_strptime({raw}, [{short}]), try_strptime({raw}, [{long}]))"
        f" when {_is(raw, _EPOCH)} then {_epoch(f'try_cast({raw} as decimal(38,6))')} end"
    )


def _is(raw: str, pattern: str) -> str:
    return f"regexp_full_match({raw}, {_pattern(pattern)})"


def _pattern(pattern: str) -> str:
    """Write a regular expression as it stands: only DuckDB reads cells, and to put its backslashes together costs."""
    return f"'{pattern}'"


def _epoch(number: str) -> str:
    """Read a count since 1970 by its size: seconds up to the year 5138, then milli-, micro- and nanoseconds."""
    micro = (
        f"case when abs({number}) < 1e11 then {number} * 1000000 when abs({number}) < 1e14 then {number} * 1000"
        f" when abs({number}) < 1e17 then {number} else {number} / 1000 end"
    )
    return f"make_timestamp(try_cast({micro} as bigint))"
