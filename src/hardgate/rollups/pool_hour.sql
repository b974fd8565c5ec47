-- What every accelerator did in every hour, as a histogram of activity with bins of one percent.
--
-- The unit is the GPU-hour of one device: 3,600,000 GPU-ms, all of which stand in some row. With at least `enough` of
-- the expected samples the hour is labelled: it is split into a part held by a workload and a part that is not, by
-- samples, and `bin` is the mean activity of the part in percent, rounded down (0 to 100). What is left, and an hour
-- with fewer samples, is in bin -1. An hour without samples has no row: nothing is made up for it. A sample without
-- value, or with one outside 0 to 1, is no sample.
--
-- `sampled_gpu_ms` is the part that was seen, without the time between lost samples; `high_bin` is the bin if every
-- lost sample of the hour had been 1. What is idle is read from these two, so that losing a sample never adds to idle.
-- Wrong when samples_per_hour is not the rate at which the exporter writes.
--
-- grain: day
-- inputs: accelerator_samples
with sampled as (
    select
        device, foreign_key, field, known_from, known_to, date_trunc('hour', time) as hour,
        count(*) as samples,
        count(workload) as held_samples,
        sum(floor(value * 10000 + 0.5)) as points,
        sum(case when workload is not null then floor(value * 10000 + 0.5) else 0 end) as held_points
    from accelerator_samples
    where value >= 0 and value <= 1
    group by device, foreign_key, field, known_from, known_to, date_trunc('hour', time)
),
device_hours as (
    select
        p.known, s.device, s.field, s.hour,
        min(s.foreign_key) as foreign_key,
        sum(cast(s.samples as double)) as samples,
        sum(cast(s.held_samples as double)) as held_samples,
        sum(s.points) as points,
        sum(s.held_points) as held_points
    from periods p
    join sampled s on cast(s.hour as date) = p.day and s.known_from <= p.known and p.known < s.known_to
    group by p.known, s.device, s.field, s.hour
),
kinds as (
    select 'held' as kind union all select 'free' as kind union all select 'rest' as kind
),
parts as (
    select
        d.known, d.hour, d.field, d.foreign_key, k.kind, d.samples,
        case k.kind when 'held' then d.held_samples when 'free' then d.samples - d.held_samples else 0 end as part,
        case k.kind when 'held' then d.held_points when 'free' then d.points - d.held_points else 0 end as points,
        greatest(:samples_per_hour - d.samples, 0) as lost,
        floor(d.held_samples * 3600000 / d.samples) as held_ms,
        floor((d.samples - d.held_samples) * 3600000 / d.samples) as free_ms,
        d.samples >= :enough * :samples_per_hour as labelled
    from device_hours d
    cross join kinds k
),
bins as (
    select
        known, hour, field, foreign_key,
        kind = 'held' as held,
        cast(case when kind = 'rest' then -1 else floor(points / (part * 100)) end as bigint) as bin,
        cast(
            case kind
                when 'rest' then -1
                when 'held' then floor((points + lost * 10000) / ((part + lost) * 100))
                else floor(points / (part * 100))
            end as bigint
        ) as high_bin,
        case
            when kind = 'held' then held_ms
            when kind = 'free' then free_ms
            when labelled then 3600000 - held_ms - free_ms
            else 3600000
        end as gpu_ms,
        case when kind = 'rest' then 0 else floor(part * 3600000 / (samples + lost)) end as sampled_gpu_ms
    from parts
    where kind = 'rest' or (labelled and part > 0)
),
histogram as (
    -- small before it meets its owners
    select
        cast(hour as date) as day, known, hour, field, foreign_key, held, bin, high_bin,
        sum(gpu_ms) as gpu_ms,
        sum(sampled_gpu_ms) as sampled_gpu_ms
    from bins
    where gpu_ms > 0
    group by known, hour, field, foreign_key, held, bin, high_bin
)
select
    h.day,
    h.known,
    cast(h.hour as timestamp) as hour,
    o.region,
    o.accelerator,
    o.pool,
    h.field,
    h.held,
    h.bin,
    h.high_bin,
    cast(sum(h.gpu_ms) as bigint) as gpu_ms,
    cast(sum(h.sampled_gpu_ms) as bigint) as sampled_gpu_ms
from histogram h
left join owner_of_accelerator_samples o
    on o.foreign_key = h.foreign_key
    and o.valid_from <= h.day and h.day < o.valid_to and o.known_from <= h.known and h.known < o.known_to
group by h.day, h.known, h.hour, o.region, o.accelerator, o.pool, h.field, h.held, h.bin, h.high_bin
