-- Deals by the day on which they are to be signed.
--
-- Wrong when a deal that was signed or lost keeps its stage: then it asks again.
--
-- grain: day
-- forward: yes
-- inputs: deals
-- money: yes
select
    p.day,
    p.known,
    d.deal,
    d.account,
    d.product,
    d.discount,
    d.price,
    d.quantity,
    d.amount,
    d.currency,
    d.stage,
    d.offered_by,
    d.proposed_on
from periods p
join deals d on d.day = p.day and d.known_from <= p.known and p.known < d.known_to
