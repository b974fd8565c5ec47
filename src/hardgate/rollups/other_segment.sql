-- What all other segments are planned to bring, by the first day of the quarter.
--
-- Wrong when a segment already holds what a programme brings: then it is counted twice.
--
-- grain: day
-- forward: yes
-- inputs: other_segments
-- money: yes
select
    p.day,
    p.known,
    s.segment,
    s.revenue,
    s.ebita,
    s.depreciation,
    s.capex,
    s.working_capital,
    s.currency
from periods p
join other_segments s on s.day = p.day and s.known_from <= p.known and p.known < s.known_to
