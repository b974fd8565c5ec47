-- Customers who ordered in each city and month, and those with at least one order that no discount of ours was on.
--
-- Wrong when one person orders under several numbers.
--
-- grain: month
-- inputs: orders
with each as (
    select
        p.day, p.known, o.city, o.customer, count(*) as orders,
        sum(case when o.discount_platform > 0 then 0 else 1 end) as paid,
        count(*) - count(o.discount_platform) as unsaid
    from periods p
    join orders o
        on cast(date_trunc('month', o.day) as date) = p.day and o.known_from <= p.known and p.known < o.known_to
    group by p.day, p.known, o.city, o.customer
)
select
    day,
    known,
    city,
    cast(count(*) as bigint) as customers,
    case when sum(unsaid) = 0 then cast(sum(case when paid > 0 then 1 else 0 end) as bigint) end as paying_customers,
    cast(sum(orders) as bigint) as orders
from each
group by day, known, city
