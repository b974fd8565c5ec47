-- Prices of hosted models and of orchestration by the first day on which they hold.
--
-- A price holds until its last day, or until the next one of the same provider, model and kind. Wrong where a supplier
-- charges by tiers of volume: then the price is that of the tier that is used.
--
-- grain: day
-- forward: yes
-- inputs: hosted_prices
-- money: yes
select
    p.day,
    p.known,
    h.provider,
    h.model,
    h.kind,
    h.price,
    coalesce(h.per, 1) as per,
    h.currency,
    h.valid_to
from periods p
join hosted_prices h on h.day = p.day and h.known_from <= p.known and p.known < h.known_to
