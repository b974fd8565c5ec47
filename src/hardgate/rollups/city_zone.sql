-- Delivery zones of cities with region and area, by the first day on which that holds.
--
-- Wrong when zones overlap.
--
-- grain: day
-- forward: yes
-- inputs: city_zones
select
    p.day,
    p.known,
    z.city,
    z.zone,
    z.region,
    z.km2
from periods p
join city_zones z on z.day = p.day and z.known_from <= p.known and p.known < z.known_to
