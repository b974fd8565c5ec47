-- What was sold: GPU-hours, net revenue and variable cost by account, product, pool and month.
--
-- A sale without a pool stays in the row whose pool is null. Where one row of a sum lacks its figure, the sum is null:
-- a missing amount never makes revenue smaller. Revenue and cost are in the currency of the row.
--
-- grain: month
-- inputs: sales
-- money: yes
select
    p.day,
    p.known,
    s.account,
    s.product,
    o.pool,
    o.region,
    o.accelerator,
    s.currency,
    case
        when count(*) = count(s.quantity) then cast(sum(cast(floor(s.quantity * 3600000 + 0.5) as bigint)) as bigint)
    end as gpu_ms,
    case
        when count(*) = count(s.net_revenue) then cast(sum(s.net_revenue) as decimal(38,10))
    end as net_revenue,
    case
        when count(*) = count(s.variable_cost) then cast(sum(s.variable_cost) as decimal(38,10))
    end as variable_cost
from periods p
join sales s
    on cast(date_trunc('month', s.day) as date) = p.day and s.known_from <= p.known and p.known < s.known_to
left join owner_of_sales o
    on o.foreign_key = s.foreign_key
    and o.valid_from <= s.day and s.day < o.valid_to and o.known_from <= p.known and p.known < o.known_to
group by p.day, p.known, s.account, s.product, o.pool, o.region, o.accelerator, s.currency
