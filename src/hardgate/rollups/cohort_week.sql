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
        floor(discount_platform * 10000 + 0.5) as subsidy,
        floor((
            commission + delivery_fee - discount_platform - courier_cost - payment_cost - support_cost
            - case when refund > value + delivery_fee then cast(null as decimal(38,10)) else refund end
        ) * 10000 + 0.5) as contribution
    from orders
    where customer is not null and city is not null
),
told as (
    select
        customer, city, known_from, min(day) as first_day,
        min_by(segment, day) as segment, min_by(product, day) as product
    from placed
    group by customer, city, known_from
),
better as (
    select
        customer, city, known_from, first_day, segment, product,
        min(first_day) over (
            partition by customer, city order by known_from rows between unbounded preceding and 1 preceding
        ) as before
    from told
),
firsts as (
    select
        customer, city, known_from, segment, product, cast(date_trunc('week', first_day) as date) as cohort,
        coalesce(
            lead(known_from) over (partition by customer, city order by known_from), date '9999-12-31'
        ) as known_to
    from better
    where before is null or first_day < before
),
gaps as (
    select
        customer, city, day, known_from, known_to,
        coalesce(
            min(known_from) over (
                partition by customer, city order by datediff(day, date '2000-01-03')
                range between 1 following and 56 following
            ), date '9999-12-31'
        ) as back_known
    from placed
),
marked as (
    select
        customer, city, known_from, known_to, back_known,
        cast(date_trunc('week', date_add(day, 56)) as date) as gone_in,
        max(back_known) over (
            partition by customer, city order by day, known_from rows between unbounded preceding and 1 preceding
        ) as earlier
    from gaps
),
parts as (
    select
        p.day, p.known, o.city, f.cohort, f.segment, f.product, o.currency, o.customer, 1 as orders, 0 as lapsed,
        o.contribution, o.subsidy
    from periods p
    join placed o
        on cast(date_trunc('week', o.day) as date) = p.day and o.known_from <= p.known and p.known < o.known_to
    join firsts f
        on f.customer = o.customer and f.city = o.city and f.known_from <= p.known and p.known < f.known_to
    union all
    select
        p.day, p.known, m.city, f.cohort, f.segment, f.product, cast(null as varchar) as currency,
        cast(null as varchar) as customer, 0 as orders, 1 as lapsed, 0 as contribution, 0 as subsidy
    from periods p
    join marked m on m.gone_in = p.day and m.known_from <= p.known and p.known < m.known_to and m.back_known > p.known
    join firsts f
        on f.customer = m.customer and f.city = m.city and f.known_from <= p.known and p.known < f.known_to
    where m.earlier is null or m.earlier <= p.known
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
    cast(count(distinct customer) as bigint) as customers,
    cast(sum(lapsed) as bigint) as lapsed,
    case when count(*) = count(contribution) then cast(sum(contribution) as bigint) end as contribution,
    case when count(*) = count(subsidy) then cast(sum(subsidy) as bigint) end as subsidy
from parts
group by day, known, city, cohort, segment, product
