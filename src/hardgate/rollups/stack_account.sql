-- The declared cost stack: the level of each account, from a day on.
--
-- An account that is declared twice stands twice. Wrong when one account books two kinds of cost.
--
-- grain: day
-- forward: yes
-- inputs: cost_stack
select
    p.day,
    p.known,
    c.account,
    c.level,
    c.order_column
from periods p
join cost_stack c on c.day = p.day and c.known_from <= p.known and p.known < c.known_to
