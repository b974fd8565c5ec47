-- What accounts pay by month, product and AI feature; the rows whose feature is null are the base workloads.
--
-- Where one row of a sum lacks its figure, the sum is null: a missing amount never makes revenue smaller. Amounts are
-- in the currency of the row. Wrong when a yearly invoice is booked in one month: spread it over its term first.
--
-- grain: month
-- inputs: recurring_revenue
-- money: yes
select
    p.day,
    p.known,
    r.account,
    r.product,
    r.feature,
    r.currency,
    case when count(*) = count(r.amount) then cast(sum(r.amount) as decimal(38,10)) end as amount,
    case
        when count(*) = count(r.variable_cost) then cast(sum(r.variable_cost) as decimal(38,10))
    end as variable_cost,
    case
        when count(*) = count(r.gpu_hours)
            then cast(sum(cast(floor(r.gpu_hours * 3600000 + 0.5) as bigint)) as bigint)
    end as gpu_ms
from periods p
join recurring_revenue r
    on cast(date_trunc('month', r.day) as date) = p.day and r.known_from <= p.known and p.known < r.known_to
group by p.day, p.known, r.account, r.product, r.feature, r.currency
