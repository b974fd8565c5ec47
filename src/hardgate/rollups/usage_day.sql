-- What was reported of a whole pool, spread over the days of each period: installed, allocated and waited for.
--
-- A period longer than a day is spread evenly and marked `monthly`; its days add up to it exactly. `covered_seconds` is
-- how much of the day the periods speak of: a day that is covered in part is not a quiet day. Times count in whole
-- seconds. Wrong when periods of one pool overlap.
--
-- grain: day
-- inputs: pool_usage
-- spans: pool_usage
with counts as (
    select
        foreign_key, known_from, known_to, day, cast(end_at as date) as last_day,
        unix_timestamp(start_at) as start_s, unix_timestamp(end_at) as end_s,
        gpus,
        floor(allocated_gpu_hours * 3600000 + 0.5) as allocated_ms,
        floor(queued_gpu_hours * 3600000 + 0.5) as queued_ms
    from pool_usage
    where end_at > start_at
),
bounds as (
    select
        p.day, p.known, c.foreign_key, c.gpus, c.allocated_ms, c.queued_ms, c.start_s, c.end_s,
        greatest(c.start_s, unix_timestamp(cast(p.day as timestamp))) as from_s,
        least(c.end_s, unix_timestamp(cast(p.day as timestamp)) + 86400) as to_s
    from periods p
    join counts c on c.day <= p.day and p.day <= c.last_day and c.known_from <= p.known and p.known < c.known_to
),
shares as (
    select
        day, known, foreign_key, gpus, allocated_ms, queued_ms, to_s - from_s as seconds,
        case when end_s - start_s > 86400 then 1 else 0 end as monthly,
        cast(from_s - start_s as double) / (end_s - start_s) as from_share,
        cast(to_s - start_s as double) / (end_s - start_s) as to_share
    from bounds
    where to_s > from_s
)
select
    s.day,
    s.known,
    o.region,
    o.accelerator,
    o.pool,
    case
        when count(*) = count(s.gpus)
            then cast(sum(cast(floor(s.gpus * s.seconds * 1000 + 0.5) as bigint)) as bigint)
    end as installed_gpu_ms,
    case
        when count(*) = count(s.allocated_ms)
            then cast(sum(floor(s.allocated_ms * s.to_share) - floor(s.allocated_ms * s.from_share)) as bigint)
    end as allocated_gpu_ms,
    case
        when count(*) = count(s.queued_ms)
            then cast(sum(floor(s.queued_ms * s.to_share) - floor(s.queued_ms * s.from_share)) as bigint)
    end as queued_gpu_ms,
    cast(sum(s.seconds) as bigint) as covered_seconds,
    cast(max(s.monthly) as bigint) as monthly
from shares s
left join owner_of_pool_usage o
    on o.foreign_key = s.foreign_key
    and o.valid_from <= s.day and s.day < o.valid_to and o.known_from <= s.known and s.known < o.known_to
group by s.day, s.known, o.region, o.accelerator, o.pool
