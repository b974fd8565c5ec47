-- Workloads that waited or held accelerators, on every day on which they did: the trace that a replay takes.
--
-- A workload has a row on each day from the one on which it was asked for to the one on which it ended, so that a few
-- days tell of all that ran or waited in them. Times are whole seconds since 1970; no start is one that never started,
-- no end one that still runs or waits. Wrong when the export leaves out workloads that ended long ago.
--
-- grain: day
-- inputs: workload_allocations
-- spans: workload_allocations
with workloads as (
    select
        foreign_key, known_from, known_to, day, workload, tenant, gpus,
        cast(coalesce(end_at, timestamp '9999-12-30 00:00:00') as date) as last_day,
        cast(unix_timestamp(queued_at) as bigint) as queued_s,
        cast(unix_timestamp(start_at) as bigint) as start_s,
        cast(unix_timestamp(end_at) as bigint) as end_s
    from workload_allocations
)
select
    p.day,
    p.known,
    w.workload,
    w.tenant,
    o.region,
    o.accelerator,
    o.pool,
    cast(w.gpus as double) as gpus,
    w.queued_s,
    w.start_s,
    w.end_s
from periods p
join workloads w on w.day <= p.day and p.day <= w.last_day and w.known_from <= p.known and p.known < w.known_to
left join owner_of_workload_allocations o
    on o.foreign_key = w.foreign_key
    and o.valid_from <= p.day and p.day < o.valid_to and o.known_from <= p.known and p.known < o.known_to
