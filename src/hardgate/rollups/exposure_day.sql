-- How often an arm of each experiment was first shown to somebody, by day, whether anything is registered of it or not.
--
-- Its first day is that of the first exposure: what is registered later is void, whatever window it names. Wrong when
-- exposures of before are not exported, or exported as of a later day.
--
-- grain: day
-- inputs: exposures
select
    p.day,
    p.known,
    x.feature,
    x.arm,
    cast(count(*) as bigint) as exposures
from periods p
join exposures x on cast(x.day as date) = p.day and x.known_from <= p.known and p.known < x.known_to
group by p.day, p.known, x.feature, x.arm
