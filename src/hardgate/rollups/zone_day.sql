-- Orders and courier hours of each zone and day.
--
-- Hours are in thousandths; a zone without hours on a day has none known. Wrong when couriers wait outside of their
-- zone.
--
-- grain: day
-- inputs: orders, couriers
with placed as (
    select cast(day as date) as day, known_from, known_to, city, zone, count(*) as orders
    from orders
    where zone is not null
    group by cast(day as date), known_from, known_to, city, zone
),
counted as (
    select p.day, p.known, o.city, o.zone, o.orders, cast(null as double) as milli_hours
    from periods p
    join placed o on o.day = p.day and o.known_from <= p.known and p.known < o.known_to
    union all
    select p.day, p.known, c.city, c.zone, 0 as orders, floor(c.hours * 1000 + 0.5) as milli_hours
    from periods p
    join couriers c on c.day = p.day and c.known_from <= p.known and p.known < c.known_to
)
select
    day,
    known,
    city,
    zone,
    cast(sum(orders) as bigint) as orders,
    cast(sum(milli_hours) as bigint) as courier_milli_hours
from counted
group by day, known, city, zone
