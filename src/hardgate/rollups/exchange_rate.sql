-- Exchange rates by the first day on which they hold.
--
-- A rate holds until the next day of the same two currencies. Wrong when it is used the other way round: that is a rate
-- of its own.
--
-- grain: day
-- inputs: exchange_rates
select
    p.day,
    p.known,
    e.from_currency,
    e.to_currency,
    e.rate
from periods p
join exchange_rates e on e.day = p.day and e.known_from <= p.known and p.known < e.known_to
