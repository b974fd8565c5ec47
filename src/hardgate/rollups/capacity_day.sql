-- GPU-milliseconds installed and available in each pool and day, from the inventory.
--
-- An asset counts from its live date up to the day before it retires, 24 hours a day. Available is installed less the
-- share in maintenance, failure or quarantine; where no share is declared, none is taken off.
-- Wrong when a hall that waits for power already has a live date.
--
-- grain: day
-- inputs: capacity
-- spans: capacity
with assets as (
    select
        foreign_key, day, retire_date, known_from, known_to,
        coalesce(maintenance_share, 0) as maintenance_share,
        case when count(*) = count(gpus) then cast(sum(gpus) as bigint) end as gpus
    from capacity
    group by foreign_key, day, retire_date, known_from, known_to, coalesce(maintenance_share, 0)
)
select
    p.day,
    p.known,
    o.region,
    o.accelerator,
    o.pool,
    case when count(*) = count(a.gpus) then cast(sum(a.gpus) * 86400000 as bigint) end as installed_gpu_ms,
    case
        when count(*) = count(a.gpus)
            then cast(sum(cast(floor(a.gpus * 86400000 * (1 - a.maintenance_share) + 0.5) as bigint)) as bigint)
    end as available_gpu_ms
from periods p
join assets a
    on a.day <= p.day and (a.retire_date is null or p.day < a.retire_date)
    and a.known_from <= p.known and p.known < a.known_to
left join owner_of_capacity o
    on o.foreign_key = a.foreign_key
    and o.valid_from <= p.day and p.day < o.valid_to and o.known_from <= p.known and p.known < o.known_to
group by p.day, p.known, o.region, o.accelerator, o.pool
