-- The vintages of investment programmes, by the day on which their capital is spent, with region and accelerator type.
--
-- A vintage whose day moves leaves its old day and appears on the new one; the older version stays for older dates.
-- Wrong when a vintage that was cancelled stays in the programme: then it is still counted.
--
-- grain: day
-- forward: yes
-- inputs: programmes
select
    p.day,
    p.known,
    v.programme,
    v.vintage,
    o.pool,
    o.region,
    o.accelerator,
    v.gpus,
    v.amount,
    v.currency,
    v.lead_months,
    v.life_months,
    v.ramp_months,
    v.price,
    v.productive_share,
    v.variable_cost,
    v.kilowatts,
    v.opex,
    v.committed
from periods p
join programmes v on v.day = p.day and v.known_from <= p.known and p.known < v.known_to
left join owner_of_programmes o
    on o.foreign_key = v.foreign_key
    and o.valid_from <= p.day and p.day < o.valid_to and o.known_from <= p.known and p.known < o.known_to
