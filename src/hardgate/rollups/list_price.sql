-- List prices by the first day on which they hold.
--
-- Wrong when a price is taken from the list without a last day and no other follows: it then holds for ever.
--
-- grain: day
-- forward: yes
-- inputs: price_list
-- money: yes
select
    p.day,
    p.known,
    l.product,
    l.unit,
    coalesce(l.per, 1) as per,
    l.price,
    l.currency,
    l.included_tokens,
    l.pool,
    l.valid_to
from periods p
join price_list l on l.day = p.day and l.known_from <= p.known and p.known < l.known_to
