-- The documents that figures were read from, by the last day of the periods that they speak of.
--
-- Figures counts those of a period, named those of them that have a name of ours. Wrong when two documents share one
-- name.
--
-- grain: day
-- forward: yes
-- inputs: facts
select
    p.day,
    p.known,
    f.company,
    f.document,
    f.form,
    f.document_digest,
    f.known_from as filed,
    cast(count(*) as bigint) as figures,
    cast(count(f.measure) as bigint) as named
from periods p
join facts f on f.day = p.day and f.known_from <= p.known and p.known < f.known_to
group by p.day, p.known, f.company, f.document, f.form, f.document_digest, f.known_from
