-- What each week's new customers of a city did in each week: who ordered, what it brought, and who has gone.
--
-- The cohort is the week of a customer's first order in the city, with the segment and product of that order. A
-- customer has gone (`lapsed`) in the week in which eight weeks without an order are full, counted once, whatever comes
-- later. Contribution is all that orders bring less all that they cost us, in ten-thousandths; where one amount is
-- missing it is null. So are `paid_orders`, those without a discount of ours, where one discount is not known. Wrong
-- where customers come less often than every eight weeks by habit.
--
-- Customers of whom every version says the same are followed in one pass over their orders (`lives`). Those who have an
-- order that came late, or was told anew, are followed version by version (from `placed` on).
--
-- grain: week
-- inputs: orders
-- prior: orders
-- money: yes
with bounds as (
    -- from when on a week or a later one is told: what was known by then is in every version
    select week, min(known) over (order by week desc rows between unbounded preceding and current row) as first_told
    from (select day as week, min(known) as known from periods group by day) p
),
followed as (
    -- of all who came before, those who order in the weeks made, and those whose eight weeks without an order end there
    select customer, city from orders_since group by customer, city
    union
    select customer, city
    from (
        select
            customer, city, max(case when known_from <= (select min(known) from periods) then day end) as last_day,
            max(known_from) as last_known
        from orders_before
        where day >= date_add((select min(day) from periods), -56)
        group by customer, city
    ) b
    where
        last_day < date_add((select max(day) from periods), -49)
        or last_known > (select min(known) from periods)
),
kinds as (
    -- a number for each segment and product: sorting orders by it takes less than by two texts
    select segment, product, row_number() over (order by segment nulls last, product nulls last) as kind
    from (select distinct segment, product from orders) s
),
told as (
    select
        o.customer, o.city, cast(o.day as date) as day, k.kind, o.currency, 1 as counts,
        floor(cast(o.discount_platform as double) * 10000 + 0.5) as subsidy,
        floor((
            cast(o.commission as double) + cast(o.delivery_fee as double) - cast(o.discount_platform as double)
            - cast(o.courier_cost as double) - cast(o.payment_cost as double) - cast(o.support_cost as double)
            - case when o.refund > o.value + o.delivery_fee then cast(null as double) else cast(o.refund as double) end
        ) * 10000 + 0.5) as contribution,
        case when o.known_from <= b.first_told and o.known_to = date '9999-12-31' then 0 else 1 end as late
    from orders_since o
    join kinds k on k.segment is not distinct from o.segment and k.product is not distinct from o.product
    left join bounds b on b.week = cast(date_trunc('week', o.day) as date)
    where o.customer is not null and o.city is not null
    union all
    select
        o.customer, o.city, cast(o.day as date) as day, k.kind, cast(null as string) as currency, 0 as counts,
        0 as subsidy, 0 as contribution,
        case when o.known_from <= (select min(known) from periods) then 0 else 1 end as late
    from orders_before o
    join followed f on f.customer = o.customer and f.city = o.city
    join kinds k on k.segment is not distinct from o.segment and k.product is not distinct from o.product
    where o.customer is not null and o.city is not null
),
lives as (
    select
        customer, city, day, currency, counts, contribution, subsidy,
        lag(day) over (partition by customer, city order by day, kind) as day_before,
        lead(day) over (partition by customer, city order by day, kind) as day_after,
        first_value(day) over (partition by customer, city order by day, kind) as first_day,
        first_value(kind) over (partition by customer, city order by day, kind) as kind,
        max(late) over (
            partition by customer, city order by day, kind rows between unbounded preceding and unbounded following
        ) as late
    from told
),
came as (
    select
        cast(date_trunc('week', day) as date) as week, city, cast(date_trunc('week', first_day) as date) as cohort,
        kind, max(currency) as currency, count(*) as orders,
        case when count(*) = count(subsidy) then sum(case when subsidy > 0 then 0 else 1 end) end as paid_orders,
        sum(case when day_before >= cast(date_trunc('week', day) as date) then 0 else 1 end) as customers,
        case when count(*) = count(contribution) then sum(contribution) end as contribution,
        case when count(*) = count(subsidy) then sum(subsidy) end as subsidy
    from lives
    where late = 0 and counts = 1
    group by cast(date_trunc('week', day) as date), city, cast(date_trunc('week', first_day) as date), kind
),
went as (
    select
        cast(date_trunc('week', date_add(last_day, 56)) as date) as week, city,
        cast(date_trunc('week', first_day) as date) as cohort, kind, count(*) as lapsed
    from (
        select customer, city, min(day) as last_day, min(first_day) as first_day, min(kind) as kind
        from lives
        where
            late = 0 and (day_after is null or day_after > date_add(day, 56))
            and day < date_add((select max(day) from periods), -49)
        group by customer, city
    ) l
    group by
        cast(date_trunc('week', date_add(last_day, 56)) as date), city, cast(date_trunc('week', first_day) as date),
        kind
),
late as (
    select customer, city from lives where late = 1 group by customer, city
),
placed as (
    select
        o.customer, o.city, cast(o.day as date) as day, o.known_from, o.known_to, o.currency, o.segment, o.product,
        floor(cast(o.discount_platform as double) * 10000 + 0.5) as subsidy,
        floor((
            cast(o.commission as double) + cast(o.delivery_fee as double) - cast(o.discount_platform as double)
            - cast(o.courier_cost as double) - cast(o.payment_cost as double) - cast(o.support_cost as double)
            - case when o.refund > o.value + o.delivery_fee then cast(null as double) else cast(o.refund as double) end
        ) * 10000 + 0.5) as contribution
    from orders o
    join late l on l.customer = o.customer and l.city = o.city
),
order_days as (
    select customer, city, day, min(known_from) as known_from from placed group by customer, city, day
),
begun as (
    select
        customer, city, day, segment, product, min(known_from) as known_from,
        row_number() over (
            partition by customer, city order by day, segment nulls last, product nulls last
        ) as place
    from placed
    group by customer, city, day, segment, product
),
better as (
    -- the cohort moves on the date on which an earlier first order becomes known
    select
        customer, city, day, segment, product, known_from, place,
        min(place) over (
            partition by customer, city order by known_from, place rows between unbounded preceding and 1 preceding
        ) as before
    from begun
),
firsts as (
    select
        customer, city, known_from,
        coalesce(
            lead(known_from) over (partition by customer, city order by known_from), date '9999-12-31'
        ) as known_to,
        segment, product, cast(date_trunc('week', day) as date) as cohort
    from better
    where before is null or place < before
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
        case when count(*) = count(o.subsidy) then sum(case when o.subsidy > 0 then 0 else 1 end) end as paid_orders,
        case when count(*) = count(o.contribution) then sum(o.contribution) end as contribution,
        case when count(*) = count(o.subsidy) then sum(o.subsidy) end as subsidy
    from periods p
    join placed o
        on cast(date_trunc('week', o.day) as date) = p.day and o.known_from <= p.known and p.known < o.known_to
    group by p.day, p.known, o.customer, o.city
),
parts as (
    select
        p.day, p.known, o.city, o.cohort, k.segment, k.product, o.currency, o.orders, o.paid_orders, o.customers,
        0 as lapsed, o.contribution, o.subsidy
    from periods p
    join came o on o.week = p.day
    join kinds k on k.kind = o.kind
    union all
    select
        p.day, p.known, g.city, g.cohort, k.segment, k.product, cast(null as string) as currency, 0 as orders,
        0 as paid_orders, 0 as customers, g.lapsed, 0 as contribution, 0 as subsidy
    from periods p
    join went g on g.week = p.day
    join kinds k on k.kind = g.kind
    union all
    select
        a.day, a.known, a.city, f.cohort, f.segment, f.product, a.currency, a.orders, a.paid_orders, 1 as customers,
        0 as lapsed, a.contribution, a.subsidy
    from active a
    join firsts f
        on f.customer = a.customer and f.city = a.city and f.known_from <= a.known and a.known < f.known_to
    union all
    select
        p.day, p.known, g.city, f.cohort, f.segment, f.product, cast(null as string) as currency,
        0 as orders, 0 as paid_orders, 0 as customers, 1 as lapsed, 0 as contribution, 0 as subsidy
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
    case when count(*) = count(paid_orders) then cast(sum(paid_orders) as bigint) end as paid_orders,
    cast(sum(customers) as bigint) as customers,
    cast(sum(lapsed) as bigint) as lapsed,
    case when count(*) = count(contribution) then cast(sum(contribution) as bigint) end as contribution,
    case when count(*) = count(subsidy) then cast(sum(subsidy) as bigint) end as subsidy
from parts
group by day, known, city, cohort, segment, product
