-- GPU-milliseconds that workloads held, waited for and lost in each pool and day.
--
-- A pool has a row on every day from its first workload on that the table speaks of, workloads or not: the table speaks
-- of a day once anything of it became known after that day, so that a missing export is not an idle day. A workload
-- that still runs, or still waits, does so on every such day. Lost is the time from the last checkpoint to the end of a
-- workload that failed, was preempted or restarted, and its restart, which counts on the day it broke. Where no
-- checkpoint is recorded, or not how the workload ended, its run is in lost_unknown: all of it may be lost, or none.
-- Times count in whole seconds. Wrong when the export leaves out workloads that ended long ago.
--
-- grain: day
-- inputs: workload_allocations
-- spans: workload_allocations
-- since: workload_allocations(foreign_key)
-- reach: workload_allocations
with workloads as (
    select
        foreign_key, known_from, known_to, day, gpus * 1000 as gpu_ms,
        cast(coalesce(end_at, timestamp '9999-12-30 00:00:00') as date) as last_day,
        unix_timestamp(queued_at) as queued_s,
        unix_timestamp(start_at) as start_s,
        unix_timestamp(coalesce(end_at, timestamp '9999-12-30 00:00:00')) as end_s,
        case
            when outcome = 'denied' and coalesce(start_at, end_at) is null then cast(null as bigint)
            else unix_timestamp(coalesce(start_at, end_at, timestamp '9999-12-30 00:00:00'))
        end as served_s,
        case when coalesce(outcome, '') in ('failed', 'preempted', 'restarted') then 1 else 0 end as broke,
        case when end_at is not null and outcome is null then 1 else 0 end as ended_somehow,
        unix_timestamp(last_checkpoint_at) as checkpoint_s,
        cast(end_at as date) as end_day,
        coalesce(restart_seconds, 0) as restart_s
    from workload_allocations
),
cut as (
    select
        p.day, p.known, w.foreign_key, w.gpu_ms,
        greatest(
            least(w.end_s, unix_timestamp(cast(p.day as timestamp)) + 86400)
            - greatest(w.start_s, unix_timestamp(cast(p.day as timestamp))), 0
        ) as held_s,
        w.start_s is not null as started,
        greatest(
            least(w.served_s, unix_timestamp(cast(p.day as timestamp)) + 86400)
            - greatest(w.queued_s, unix_timestamp(cast(p.day as timestamp))), 0
        ) as waited_s,
        w.served_s is not null as waited_known,
        greatest(
            least(w.end_s, unix_timestamp(cast(p.day as timestamp)) + 86400)
            - greatest(w.checkpoint_s, w.start_s, unix_timestamp(cast(p.day as timestamp))), 0
        ) as unsaved_s,
        w.broke = 1 and w.checkpoint_s is not null as broke_after_checkpoint,
        w.ended_somehow = 1 or (w.broke = 1 and w.checkpoint_s is null) as broke_unseen,
        case when w.broke = 1 and w.end_day = p.day then w.restart_s else 0 end as restart_s
    from periods p
    join workloads w on w.day <= p.day and p.day <= w.last_day and w.known_from <= p.known and p.known < w.known_to
),
parts as (
    select
        c.day, c.known, o.region, o.accelerator, o.pool, 1 as workloads, c.gpu_ms,
        case when c.started then floor(c.gpu_ms * c.held_s + 0.5) else 0 end as held_ms,
        case when c.waited_known then floor(c.gpu_ms * c.waited_s + 0.5) end as waited_ms,
        case when c.started and c.broke_after_checkpoint then floor(c.gpu_ms * c.unsaved_s + 0.5) else 0 end
            + floor(c.gpu_ms * c.restart_s + 0.5) as lost_ms,
        case when c.started and c.broke_unseen then floor(c.gpu_ms * c.held_s + 0.5) else 0 end as lost_unknown_ms
    from cut c
    left join owner_of_workload_allocations o
        on o.foreign_key = c.foreign_key
        and o.valid_from <= c.day and c.day < o.valid_to and o.known_from <= c.known and c.known < o.known_to
),
begun as (
    -- a row of nothing for every pool that had a workload by that day
    select
        p.day, p.known, o.region, o.accelerator, o.pool, 0 as workloads, cast(0 as double) as gpu_ms,
        cast(0 as double) as held_ms, cast(0 as double) as waited_ms, cast(0 as double) as lost_ms,
        cast(0 as double) as lost_unknown_ms
    from periods p
    join since_workload_allocations s on s.first_day <= p.day and s.known_from <= p.known
    left join owner_of_workload_allocations o
        on o.foreign_key = s.foreign_key
        and o.valid_from <= p.day and p.day < o.valid_to and o.known_from <= p.known and p.known < o.known_to
),
spoken_of as (
    select p.day, p.known
    from periods p
    join reach_of_workload_allocations r on r.known <= p.known and r.known > p.day
    group by p.day, p.known
)
select
    a.day,
    a.known,
    a.region,
    a.accelerator,
    a.pool,
    case when count(*) = count(a.gpu_ms) then cast(sum(a.held_ms) as bigint) end as allocated_gpu_ms,
    case when count(*) = count(a.waited_ms) then cast(sum(a.waited_ms) as bigint) end as queued_gpu_ms,
    case when count(*) = count(a.gpu_ms) then cast(sum(a.lost_ms) as bigint) end as lost_gpu_ms,
    case when count(*) = count(a.gpu_ms) then cast(sum(a.lost_unknown_ms) as bigint) end as lost_unknown_gpu_ms,
    cast(sum(a.workloads) as bigint) as workloads
from (select * from parts union all select * from begun) a
join spoken_of s on s.day = a.day and s.known = a.known
group by a.day, a.known, a.region, a.accelerator, a.pool
