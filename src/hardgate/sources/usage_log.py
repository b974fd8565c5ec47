"""What a log of model calls says beside its tokens: who called, for what, at which charge, and what work was counted.

An option of the input names a column or attribute of the user's own; else one that usually holds it is taken. Of all
these only the account has to be there. Wrong when a usual name holds something else: then say an option.

>>> raw = RawColumns((("end_user", "varchar"), ("squad", "varchar")))
>>> named(raw, {"feature": "squad"}, "feature", ("tag",)), named(raw, {}, "account", ("user", "end_user"))
('"squad"', '"end_user"')
"""

from collections.abc import Mapping, Sequence

from hardgate.core.errors import Misconfigured, nearest
from hardgate.engine.portable import literal
from hardgate.sources.source import Input, RawColumns

COUNTS = ("steps", "retries", "tool_calls", "vector_queries", "guard_tokens", "egress_bytes", "cpu_ms")
NULL = "null"


def beside_tokens(
    raw: RawColumns,
    given: Input,
    names: Mapping[str, Sequence[str]],
    *,
    currency: Sequence[str] = ("currency",),
    called: str = "column",
) -> dict[str, str]:
    """Return SQL for our columns that are no tokens.

    Args:
        raw: the columns of the file.
        given: the input, whose options may name columns.
        names: our column, and the foreign ones that may hold it where no option names one; `account` is among them.
        currency: foreign columns that may hold the currency.
        called: what the format calls a column.

    Raises:
        Misconfigured: an option names a column that the file does not have.
        BadInput: nothing says the account.

    """
    columns = {
        "currency": raw.first(*currency) or literal(given.options.get("currency")),
        "storage_byte_hours": raw.first("storage_byte_hours") or NULL,
        **{ours: named(raw, given.options, ours, theirs, called) for ours, theirs in names.items()},
        **{ours: raw.first(ours) or NULL for ours in COUNTS},
    }
    if columns["account"] == NULL:
        columns["account"] = raw.require("the account", *names["account"])
    return columns


def named(raw: RawColumns, options: Mapping[str, str], ours: str, theirs: Sequence[str], called: str = "column") -> str:
    """Return the foreign column that an option names for one of ours, or one that usually holds it, or null."""
    said = options.get(ours)
    if said is None:
        return raw.first(*theirs) or NULL
    found = raw.first(said)
    if found is None:
        raise Misconfigured(f"{ours} = {said!r}: the file has no such {called}; {nearest(said, raw.names)}")
    return found
