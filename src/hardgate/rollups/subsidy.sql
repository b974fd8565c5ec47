-- The subsidy schedule of each city, by its first day.
--
-- Wrong when a schedule is stopped without a last day.
--
-- grain: day
-- forward: yes
-- inputs: subsidies
-- money: yes
select
    p.day,
    p.known,
    s.city,
    s.to_date,
    s.amount_per_month,
    s.currency,
    s.requested_by
from periods p
join subsidies s on s.day = p.day and s.known_from <= p.known and p.known < s.known_to
