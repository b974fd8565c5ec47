-- The ledger: entries that can be added and never changed.
-- The triggers stop an honest program's mistake; who may write the file may drop them, and then the chain shows it.
pragma application_id = 1212632132; -- "HGLD"

create table entries (
    seq       integer primary key check (typeof(seq) = 'integer' and seq > 0),
    at        text not null check (typeof(at) = 'text'),
    actor     text not null check (typeof(actor) = 'text' and actor <> ''),
    kind      text not null check (typeof(kind) = 'text' and kind <> ''),
    body      text not null check (typeof(body) = 'text'),      -- canonical JSON (RFC 8785)
    previous  text not null check (typeof(previous) = 'text'),
    digest    text not null unique check (typeof(digest) = 'text' and length(digest) = 64),
    signature text unique check (signature is null or typeof(signature) = 'text'), -- one signature serves one entry
    -- Four eyes: who asks does not approve.
    check (
        kind <> 'packet.signed'
        or json_extract(body, '$.verdict') <> 'approve'
        or lower(trim(actor)) <> lower(trim(json_extract(body, '$.requested_by')))
    )
);

create index entries_kind on entries (kind, seq);

create trigger entries_are_not_changed before update on entries
begin
    select raise(abort, 'the ledger is append-only: an entry is never changed');
end;

create trigger entries_are_not_deleted before delete on entries
begin
    select raise(abort, 'the ledger is append-only: an entry is never deleted');
end;

-- Also stops "insert or replace", which deletes without firing the trigger above.
create trigger entries_follow_the_last before insert on entries
when new.seq <> coalesce((select max(seq) from entries), 0) + 1
  or new.previous <> coalesce((select digest from entries order by seq desc limit 1), printf('%064d', 0))
begin
    select raise(abort, 'the ledger is append-only: an entry follows the last one');
end;
