-- What telemetry saw of each pool, day and DCGM field: GPU-hours held, active and idle.
--
-- Active is held by a workload with a mean activity of at least `active_at_least` over its part of the hour. Idle was
-- seen, and is not held or stays below that level even if every lost sample had been 1. What is neither is not labelled
-- and lies between the two. Fields are never mixed; which one counts is said in hardgate.toml.
--
-- grain: day
-- inputs: pool_hour
select
    p.day,
    p.known,
    h.region,
    h.accelerator,
    h.pool,
    h.field,
    cast(sum(case when h.held then h.gpu_ms else 0 end) as bigint) as held_gpu_ms,
    cast(sum(case when h.held and h.bin >= 100 * :active_at_least then h.gpu_ms else 0 end) as bigint) as active_gpu_ms,
    cast(
        sum(
            case
                when h.bin >= 0 and (not h.held or h.high_bin < 100 * :active_at_least) then h.sampled_gpu_ms
                else 0
            end
        ) as bigint
    ) as idle_gpu_ms
from periods p
join pool_hour h on h.day = p.day and h.known_from <= p.known and p.known < h.known_to
group by p.day, p.known, h.region, h.accelerator, h.pool, h.field
