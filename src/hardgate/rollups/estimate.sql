-- The consensus for a company, item and period, by the day on which it stood so.
--
-- Wrong when two sources count different items under one name.
--
-- grain: day
-- inputs: estimates
select
    p.day,
    p.known,
    t.company,
    t.item,
    t.period,
    t.period_end,
    t.value,
    t.unit,
    t.prior_value,
    t.analysts,
    t.source
from periods p
join estimates t on t.day = p.day and t.known_from <= p.known and p.known < t.known_to
