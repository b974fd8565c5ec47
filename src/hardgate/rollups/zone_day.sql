-- Orders and courier hours of each zone and day.
--
-- Hours are in thousandths; a zone without hours on a day has none known. Wrong when couriers wait outside of their
-- zone.
--
-- grain: day
-- inputs: orders, couriers
with counted as (
    select p.day, p.known, o.city, o.zone, count(*) as orders, cast(null as double) as milli_hours
    from periods p
    join orders o on cast(o.day as date) = p.day and o.known_from <= p.known and p.known < o.known_to
    where o.zone is not null
    group by p.day, p.known, o.city, o.zone
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
