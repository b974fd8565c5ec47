-- What cancelling a tranche costs, by the first day on which a fee is due.
--
-- A fee holds until the next day of the same tranche. Wrong when a day before the first fee is taken to cost nothing:
-- nothing is known of it.
--
-- grain: day
-- forward: yes
-- inputs: cancel_fees
select
    p.day,
    p.known,
    c.tranche,
    c.fee,
    c.currency
from periods p
join cancel_fees c on c.day = p.day and c.known_from <= p.known and p.known < c.known_to
