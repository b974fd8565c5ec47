-- Workloads that want GPUs, by the first day on which they are needed.
--
-- A request whose day moves leaves its old day and appears on the new one; the older version stays for older dates.
-- Wrong when a workload that has ended stays among the requests without an end.
--
-- grain: day
-- forward: yes
-- inputs: workload_requests
-- money: yes
select
    p.day,
    p.known,
    r.workload,
    r.tenant,
    r.gpus,
    r.gang,
    r.accelerators,
    r.regions,
    r.contribution,
    r.currency,
    r.committed_gpus,
    r.term_months,
    r.renewal,
    r.penalty,
    r.incumbent_pool,
    r.incumbent_gpus,
    r.needed_to
from periods p
join workload_requests r on r.day = p.day and r.known_from <= p.known and p.known < r.known_to
