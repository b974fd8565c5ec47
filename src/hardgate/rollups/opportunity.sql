-- The opportunities of the pipeline, by the day on which work on them began, each in its newest known state.
--
-- Wrong when the CRM overwrites a state without its date: an older date then sees the newer state.
--
-- grain: day
-- inputs: opportunities
-- money: yes
select
    p.day,
    p.known,
    o.opportunity,
    o.account,
    o.kind,
    o.region,
    o.segment,
    o.product,
    o.closed_on,
    o.stage,
    o.amount,
    o.hours,
    o.cost,
    o.currency
from periods p
join opportunities o on o.day = p.day and o.known_from <= p.known and p.known < o.known_to
