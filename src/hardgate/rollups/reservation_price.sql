-- What segments would pay at most for a product, by the day of the study.
--
-- Wrong when what people say they would pay is taken for what they pay: see the deviation.
--
-- grain: day
-- inputs: reservation_prices
-- money: yes
select
    p.day,
    p.known,
    r.segment,
    r.customers,
    r.product,
    coalesce(r.quantity, 1) as quantity,
    r.value,
    r.deviation,
    r.currency
from periods p
join reservation_prices r on r.day = p.day and r.known_from <= p.known and p.known < r.known_to
