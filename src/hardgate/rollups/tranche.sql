-- The tranches that ask for capital, by the last day to commit, with region and accelerator type of their pool.
--
-- A tranche whose commit date moves leaves its old day and appears on the new one; the older version stays for older
-- dates. Wrong when a tranche that was committed stays in the plan: then it asks again.
--
-- grain: day
-- forward: yes
-- inputs: capacity_plan
select
    p.day,
    p.known,
    c.tranche,
    o.pool,
    o.region,
    o.accelerator,
    c.gpus,
    c.amount,
    c.currency,
    c.proposed_on,
    c.commit_date,
    c.live_date,
    c.ramp_months,
    c.requested_by,
    c.released_share,
    c.attach_rate
from periods p
join capacity_plan c on c.day = p.day and c.known_from <= p.known and p.known < c.known_to
left join owner_of_capacity_plan o
    on o.foreign_key = c.foreign_key
    and o.valid_from <= c.live_date and c.live_date < o.valid_to and o.known_from <= p.known and p.known < o.known_to
