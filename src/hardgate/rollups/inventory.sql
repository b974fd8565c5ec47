-- What is owned, being built or firmly ordered, by the day it goes live.
--
-- One row for each group of assets of a pool that share their dates, terms and maintenance share. A live date that
-- slips takes the row away from its old day and puts it on the new one; the older version stays for older dates.
-- Wrong when an asset is listed before anybody is bound to buy it: plans belong in capacity_plan.
--
-- grain: day
-- forward: yes
-- inputs: capacity
select
    p.day,
    p.known,
    o.pool,
    o.region,
    o.accelerator,
    case when count(*) = count(c.gpus) then cast(sum(c.gpus) as bigint) end as gpus,
    c.live_date,
    c.retire_date,
    c.ordered_on,
    case when count(*) = count(c.capex) then cast(sum(c.capex) as decimal(38,10)) end as capex,
    c.currency,
    c.useful_life_months,
    case
        when count(*) = count(c.kilowatts)
            then cast(sum(cast(floor(c.kilowatts * 1000 + 0.5) as bigint)) as double) / 1000
    end as kilowatts,
    c.maintenance_share
from periods p
join capacity c on c.day = p.day and c.known_from <= p.known and p.known < c.known_to
left join owner_of_capacity o
    on o.foreign_key = c.foreign_key
    and o.valid_from <= p.day and p.day < o.valid_to and o.known_from <= p.known and p.known < o.known_to
group by
    p.day, p.known, o.pool, o.region, o.accelerator, c.live_date, c.retire_date, c.ordered_on, c.currency,
    c.useful_life_months, c.maintenance_share
