-- Ranks and scores of third parties, by the day from which they stood.
--
-- Wrong when a rank lapsed and nobody said so.
--
-- grain: day
-- inputs: ratings
select
    p.day,
    p.known,
    t.company,
    t.provider,
    t.kind,
    t.rating
from periods p
join ratings t on t.day = p.day and t.known_from <= p.known and p.known < t.known_to
