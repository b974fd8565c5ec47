"""The tables of the lake's manifest, and how those of an earlier hardgate become these.

`batches` has a line for each batch that was ever entered, `days` what each says of each day, and `statements` what each
file said when: only what is new, so that the last line of a file, table and reading is what the file says now.
"""

from collections.abc import Collection

SCHEMA = """
create table if not exists batches (
    seq integer primary key autoincrement,
    tbl text not null, digest text not null, mapping text not null,
    source text not null, note text not null, file text not null,
    rows integer not null, rejected integer not null, duplicates integer not null,
    first_day text, last_day text,
    ingested_at text not null, known_status text not null, known_at text,
    retired_at text,
    nth integer not null default 0, withdrawn integer not null default 0,
    unique (tbl, digest, mapping, nth)
);
create index if not exists batches_of_bytes on batches (digest);
create table if not exists days (
    seq integer not null references batches (seq),
    day text not null, known text not null,
    rows integer not null, rejected integer not null,
    first_at text, last_at text,
    withdrawn integer not null default 0
);
create index if not exists days_of_batch on days (seq);
create table if not exists statements (
    id integer primary key autoincrement,
    file text not null,
    seq integer not null references batches (seq),
    at text not null
);
create index if not exists statements_of_file on statements (file);
create index if not exists statements_of_batch on statements (seq);
"""

_BEFORE = (
    "seq, tbl, digest, mapping, source, note, file, rows, rejected, duplicates, first_day, last_day, ingested_at,"
    " known_status, known_at, retired_at"
)


def script(had: Collection[str]) -> str:
    """Return the SQL that makes the manifest, or brings one up to date whose `batches` had these columns."""
    return f"begin immediate;{_renewal()}commit;" if had and "nth" not in had else SCHEMA


def _renewal() -> str:
    """Return what makes a manifest without `statements` one that has them: each file said its batches in their order.

    SQLite cannot change a table's unique key: the table is made anew beside the old one.
    """
    anew = SCHEMA.replace("exists batches (", "exists batches_anew (", 1).split(";", 1)[0]
    rest = SCHEMA.split(";", 1)[1]
    return f"""
{anew};
insert into batches_anew ({_BEFORE}) select {_BEFORE} from batches;
drop table batches;
alter table batches_anew rename to batches;
alter table days add column withdrawn integer not null default 0;
{rest}
insert into statements (file, seq, at) select file, seq, ingested_at from batches order by seq;
"""
