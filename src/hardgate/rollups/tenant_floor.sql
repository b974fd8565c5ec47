-- GPUs guaranteed to tenants, by the first day of the guarantee.
--
-- Wrong when a guarantee that was cancelled keeps its end open.
--
-- grain: day
-- forward: yes
-- inputs: tenant_floors
select
    p.day,
    p.known,
    f.tenant,
    f.gpus,
    f.valid_to
from periods p
join tenant_floors f on f.day = p.day and f.known_from <= p.known and p.known < f.known_to
