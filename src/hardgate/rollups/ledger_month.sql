-- What was booked: amounts by account, cost centre, pool and month.
--
-- Amounts without a pool stay in the rows whose pool is null, so that every month adds up to the ledger. Where one line
-- lacks its amount, the sum it belongs to is null and not smaller. Wrong when a ledger books the same cost twice, once
-- as invoice and once as depreciation: name one cost source in hardgate.toml.
--
-- grain: month
-- inputs: general_ledger
-- money: yes
select
    p.day,
    p.known,
    o.region,
    o.accelerator,
    o.pool,
    g.account,
    g.cost_centre,
    g.currency,
    case when count(*) = count(g.amount) then cast(sum(g.amount) as decimal(38,10)) end as amount
from periods p
join general_ledger g
    on cast(date_trunc('month', g.day) as date) = p.day and g.known_from <= p.known and p.known < g.known_to
left join owner_of_general_ledger o
    on o.foreign_key = g.foreign_key
    and o.valid_from <= g.day and g.day < o.valid_to and o.known_from <= p.known and p.known < o.known_to
group by p.day, p.known, o.region, o.accelerator, o.pool, g.account, g.cost_centre, g.currency
