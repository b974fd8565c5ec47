-- Customers who ordered in each city and month, and those with at least one order that no discount of ours was on.
--
-- A customer is counted once, from the date on which the first order became known, and not anew in each version of the
-- month; only those with an order that was told anew are followed version by version. Wrong when one person orders
-- under several numbers.
--
-- grain: month
-- inputs: orders
with each as (
    select
        cast(date_trunc('month', day) as date) as month, city, customer, min(known_from) as known_from,
        min(case when discount_platform > 0 then cast(null as date) else known_from end) as paid_from,
        min(known_to) as held_to
    from orders
    group by cast(date_trunc('month', day) as date), city, customer
),
again as (
    select p.day, p.known, o.city, o.customer, max(case when o.discount_platform > 0 then 0 else 1 end) as paid
    from each e
    join orders o
        on cast(date_trunc('month', o.day) as date) = e.month
        and coalesce(o.customer, '') = coalesce(e.customer, '') and coalesce(o.city, '') = coalesce(e.city, '')
    join periods p on p.day = e.month and o.known_from <= p.known and p.known < o.known_to
    where e.held_to < date '9999-12-31'
    group by p.day, p.known, o.city, o.customer
),
steps as (
    select
        cast(date_trunc('month', day) as date) as month, city, known_from, known_to, 0 as customers, 0 as paying,
        count(*) as orders, count(*) - count(discount_platform) as unsaid
    from orders
    group by cast(date_trunc('month', day) as date), city, known_from, known_to
    union all
    select month, city, known_from, held_to as known_to, count(*) as customers, 0 as paying, 0 as orders, 0 as unsaid
    from each
    where held_to = date '9999-12-31'
    group by month, city, known_from, held_to
    union all
    select
        month, city, paid_from as known_from, held_to as known_to, 0 as customers, count(*) as paying, 0 as orders,
        0 as unsaid
    from each
    where held_to = date '9999-12-31' and paid_from is not null
    group by month, city, paid_from, held_to
),
counted as (
    select p.day, p.known, s.city, s.customers, s.paying, s.orders, s.unsaid
    from periods p
    join steps s on s.month = p.day and s.known_from <= p.known and p.known < s.known_to
    union all
    select day, known, city, count(*) as customers, sum(paid) as paying, 0 as orders, 0 as unsaid
    from again
    group by day, known, city
)
select
    day,
    known,
    city,
    cast(sum(customers) as bigint) as customers,
    case when sum(unsaid) = 0 then cast(sum(paying) as bigint) end as paying_customers,
    cast(sum(orders) as bigint) as orders
from counted
group by day, known, city
