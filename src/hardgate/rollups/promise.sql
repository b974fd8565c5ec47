-- Stated targets, by the day on which they are due.
--
-- Wrong when a target was taken back in words that no table holds.
--
-- grain: day
-- forward: yes
-- inputs: promises
select
    p.day,
    p.known,
    t.company,
    t.promise,
    t.measure,
    t.segment,
    t.sense,
    t.target,
    t.unit,
    t.denominator,
    t.said_on,
    t.document,
    t.sentence
from periods p
join promises t on t.day = p.day and t.known_from <= p.known and p.known < t.known_to
