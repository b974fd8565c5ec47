-- What each week's new customers of a city did in each week: who ordered, what it brought, and who has gone.
--
-- The cohort is the week of a customer's first order in the city, with the segment and product of that order. A
-- customer has gone (`lapsed`) in the week in which eight weeks without an order are full, counted once, whatever comes
-- later. Contribution is all that orders bring less all that they cost us, in ten-thousandths; where one amount is
-- missing it is null. Wrong where customers come less often than every eight weeks by habit.
--
-- grain: week
-- inputs: orders
-- prior: orders
-- money: yes
with placed as (
    select
        customer, city, cast(day as date) as day, known_from, known_to, currency, segment, product,
        floor(cast(discount_platform as double) * 10000 + 0.5) as subsidy,
        floor((
            cast(commission as double) + cast(delivery_fee as double) - cast(discount_platform as double)
            - cast(courier_cost as double) - cast(payment_cost as double) - cast(support_cost as double)
            - case when refund > value + delivery_fee then cast(null as double) else cast(refund as double) end
        ) * 10000 + 0.5) as contribution
    from orders
    where customer is not null and city is not null
),
order_days as (
    select
        customer, city, day, min(known_from) as known_from, min(segment) as segment, min(product) as product
    from placed
    group by customer, city, day
),
begun as (
    select
        customer, city, min(day) as first_day,
        min(known_from) as first_known, min_by(known_from, day) as known_of_first,
        min_by(segment, day) as segment, min_by(product, day) as product
    from order_days
    group by customer, city
),
better as (
    -- customers whose first order became known after a later one: their cohort moves on that date
    select
        d.customer, d.city, d.day, d.known_from, d.segment, d.product,
        min(d.day) over (
            partition by d.customer, d.city order by d.known_from, d.day
            rows between unbounded preceding and 1 preceding
        ) as before
    from order_days d
    join begun b on b.customer = d.customer and b.city = d.city
    where b.known_of_first > b.first_known
),
firsts as (
    select
        customer, city, known_of_first as known_from, date '9999-12-31' as known_to, segment, product,
        cast(date_trunc('week', first_day) as date) as cohort
    from begun
    where known_of_first = first_known
    union all
    select
        customer, city, known_from,
        coalesce(
            lead(known_from) over (partition by customer, city order by known_from, day desc), date '9999-12-31'
        ) as known_to,
        segment, product, cast(date_trunc('week', day) as date) as cohort
    from better
    where before is null or day < before
),
gaps as (
    select
        customer, city, day, known_from, cast(date_trunc('week', date_add(day, 56)) as date) as gone_in,
        coalesce(
            min(known_from) over (
                partition by customer, city order by datediff(day, date '2000-01-03')
                range between 1 following and 56 following
            ), date '9999-12-31'
        ) as back_known
    from order_days
),
gone as (
    -- a week is told once it has ended: who was known to be back by then has not gone in any version
    select
        customer, city, known_from, gone_in, back_known,
        max(back_known) over (
            partition by customer, city order by day rows between unbounded preceding and 1 preceding
        ) as earlier
    from gaps
    where back_known > date_add(gone_in, 7)
),
active as (
    select
        p.day, p.known, o.customer, o.city, max(o.currency) as currency, count(*) as orders,
        case when count(*) = count(o.contribution) then sum(o.contribution) end as contribution,
        case when count(*) = count(o.subsidy) then sum(o.subsidy) end as subsidy
    from periods p
    join placed o
        on cast(date_trunc('week', o.day) as date) = p.day and o.known_from <= p.known and p.known < o.known_to
    group by p.day, p.known, o.customer, o.city
),
parts as (
    select
        a.day, a.known, a.city, f.cohort, f.segment, f.product, a.currency, a.orders, 1 as customers, 0 as lapsed,
        a.contribution, a.subsidy
    from active a
    join firsts f
        on f.customer = a.customer and f.city = a.city and f.known_from <= a.known and a.known < f.known_to
    union all
    select
        p.day, p.known, g.city, f.cohort, f.segment, f.product, cast(null as varchar) as currency,
        0 as orders, 0 as customers, 1 as lapsed, 0 as contribution, 0 as subsidy
    from periods p
    join gone g on g.gone_in = p.day and g.known_from <= p.known and g.back_known > p.known
    join firsts f
        on f.customer = g.customer and f.city = g.city and f.known_from <= p.known and p.known < f.known_to
    where g.earlier is null or g.earlier <= p.known
)
select
    day,
    known,
    city,
    cohort,
    segment,
    product,
    max(currency) as currency,
    cast(sum(orders) as bigint) as orders,
    cast(sum(customers) as bigint) as customers,
    cast(sum(lapsed) as bigint) as lapsed,
    case when count(*) = count(contribution) then cast(sum(contribution) as bigint) end as contribution,
    case when count(*) = count(subsidy) then cast(sum(subsidy) as bigint) end as subsidy
from parts
group by day, known, city, cohort, segment, product
