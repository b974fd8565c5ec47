-- The campaigns that ask for sales hours, by the last day to decide.
--
-- Wrong when a campaign that was decided stays in the plan: then it asks again.
--
-- grain: day
-- forward: yes
-- inputs: sales_plan
select
    p.day,
    p.known,
    s.campaign,
    s.region,
    s.segment,
    s.logos,
    s.hours,
    s.budget,
    s.currency,
    s.requested_by
from periods p
join sales_plan s on s.day = p.day and s.known_from <= p.known and p.known < s.known_to
