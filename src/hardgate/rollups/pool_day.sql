-- GPU-milliseconds of every live pool on each rung of the ladder, one row a pool and day, with telemetry or without.
--
-- Installed and available come from capacity, else from pool_usage. Allocated comes from workload_allocations, else
-- from pool_usage, else from what telemetry saw held, and `allocated_from` says which; it is null when none of them
-- speaks of the whole day. What telemetry saw held leaves out the unlabelled hours. Active comes from telemetry: on a
-- day without samples of a pool that had samples before, active is 0 and everything available is unlabelled; a pool
-- without any telemetry so far has null. Idle was seen idle. Productive is active less lost, and null where nobody
-- records how workloads end. `monthly` is 1 where figures come from a period longer than a day.
-- Wrong when a pool is listed in capacity under one name and reported under another.
--
-- grain: day
-- inputs: capacity_day, usage_day, allocation_day, telemetry_day
-- since: telemetry_day(pool, field)
with owned as (
    select p.day, p.known, c.region, c.accelerator, c.pool, c.installed_gpu_ms, c.available_gpu_ms
    from periods p
    join capacity_day c on c.day = p.day and c.known_from <= p.known and p.known < c.known_to
),
used as (
    select
        p.day, p.known, u.region, u.accelerator, u.pool, u.installed_gpu_ms, u.allocated_gpu_ms, u.queued_gpu_ms,
        u.covered_seconds, u.monthly
    from periods p
    join usage_day u on u.day = p.day and u.known_from <= p.known and p.known < u.known_to
),
live as (
    select
        coalesce(c.day, u.day) as day,
        coalesce(c.known, u.known) as known,
        coalesce(c.region, u.region) as region,
        coalesce(c.accelerator, u.accelerator) as accelerator,
        coalesce(c.pool, u.pool) as pool,
        case when c.day is null then u.installed_gpu_ms else c.installed_gpu_ms end as installed_gpu_ms,
        case when c.day is null then u.installed_gpu_ms else c.available_gpu_ms end as available_gpu_ms,
        u.day is not null and (c.day is null or u.covered_seconds >= 86400) as counted,
        u.allocated_gpu_ms,
        u.queued_gpu_ms,
        c.day is null as only_counted,
        coalesce(u.monthly, 0) as monthly
    from owned c
    full outer join used u on u.day = c.day and u.known = c.known and u.pool = c.pool
),
held as (
    select
        p.day, p.known, a.pool, a.allocated_gpu_ms, a.queued_gpu_ms, a.lost_gpu_ms, a.lost_unknown_gpu_ms
    from periods p
    join allocation_day a on a.day = p.day and a.known_from <= p.known and p.known < a.known_to
),
seen as (
    select p.day, p.known, t.pool, t.held_gpu_ms, t.active_gpu_ms, t.idle_gpu_ms
    from periods p
    join telemetry_day t on t.day = p.day and t.known_from <= p.known and p.known < t.known_to
    where t.field = :activity_field
),
watched as (
    select p.day, p.known, s.pool
    from periods p
    join since_telemetry_day s on s.first_day <= p.day and s.known_from <= p.known
    where s.field = :activity_field
    group by p.day, p.known, s.pool
),
rungs as (
    select
        l.day, l.known, l.region, l.accelerator, l.pool, l.installed_gpu_ms, l.available_gpu_ms,
        case when l.only_counted or (l.counted and h.day is null) then l.monthly else 0 end as monthly,
        case
            when h.day is not null then 'workload_allocations'
            when l.counted then 'pool_usage'
            when t.day is not null then 'accelerator_samples'
        end as allocated_from,
        case
            when h.day is not null then h.allocated_gpu_ms
            when l.counted then l.allocated_gpu_ms
            else t.held_gpu_ms
        end as allocated_gpu_ms,
        case
            when h.day is not null then h.queued_gpu_ms
            when l.counted then l.queued_gpu_ms
        end as queued_gpu_ms,
        case when w.day is not null then coalesce(t.active_gpu_ms, 0) end as active_gpu_ms,
        case when w.day is not null then coalesce(t.idle_gpu_ms, 0) end as idle_gpu_ms,
        h.lost_gpu_ms,
        h.lost_unknown_gpu_ms
    from live l
    left join held h on h.day = l.day and h.known = l.known and h.pool = l.pool
    left join seen t on t.day = l.day and t.known = l.known and t.pool = l.pool
    left join watched w on w.day = l.day and w.known = l.known and w.pool = l.pool
)
select
    day,
    known,
    region,
    accelerator,
    pool,
    installed_gpu_ms,
    available_gpu_ms,
    allocated_gpu_ms,
    allocated_from,
    active_gpu_ms,
    case
        when active_gpu_ms is not null and lost_gpu_ms is not null then greatest(active_gpu_ms - lost_gpu_ms, 0)
    end as productive_gpu_ms,
    case
        when active_gpu_ms is not null and available_gpu_ms is not null
            then greatest(available_gpu_ms - active_gpu_ms - idle_gpu_ms, 0)
    end as unlabelled_gpu_ms,
    idle_gpu_ms,
    queued_gpu_ms,
    lost_gpu_ms,
    lost_unknown_gpu_ms,
    cast(monthly as bigint) as monthly
from rungs
