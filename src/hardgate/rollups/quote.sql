-- Prices of companies, industries and sectors, by day.
--
-- Wrong when a price is not adjusted for a split.
--
-- grain: day
-- inputs: quotes
select
    p.day,
    p.known,
    t.name,
    t.kind,
    t.price,
    t.currency,
    t.market_value,
    t.forward_ps,
    t.industry,
    t.sector,
    t.source
from periods p
join quotes t on t.day = p.day and t.known_from <= p.known and p.known < t.known_to
