-- Measured tokens per second of one accelerator by model and kind, by the first day on which they hold.
--
-- Wrong when a benchmark's batch is larger than what the service waits for: measure under the service's own load.
--
-- grain: day
-- inputs: throughputs
select
    p.day,
    p.known,
    t.model,
    t.accelerator,
    t.kind,
    t.tokens_per_second,
    t.source
from periods p
join throughputs t on t.day = p.day and t.known_from <= p.known and p.known < t.known_to
