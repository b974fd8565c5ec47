-- What programmes assume of the world, by the day on which it was stated.
--
-- A driver that is stated anew leaves its old day. Wrong when an interval is not one of 90 %.
--
-- grain: day
-- inputs: drivers
select
    p.day,
    p.known,
    d.programme,
    d.driver,
    d.value,
    d.low,
    d.high,
    d.source
from periods p
join drivers d on d.day = p.day and d.known_from <= p.known and p.known < d.known_to
