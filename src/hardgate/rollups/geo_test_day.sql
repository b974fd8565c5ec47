-- Outcomes and subsidies of geo holdouts and switchbacks, by test, cluster and day.
--
-- Wrong when customers cross from one cluster into another.
--
-- grain: day
-- inputs: geo_tests
-- money: yes
select
    p.day,
    p.known,
    g.test,
    g.city,
    g.cluster,
    g.treated,
    g.running,
    g.outcome,
    g.subsidy,
    g.currency
from periods p
join geo_tests g on g.day = p.day and g.known_from <= p.known and p.known < g.known_to
