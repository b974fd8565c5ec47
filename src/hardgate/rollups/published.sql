-- The published figures of companies that have a name of ours, by the last day of their period.
--
-- Every statement is a row: a figure that was restated stands once for each document, and which of them held on a date
-- is said by when they were filed. A concept of the owner's own table is a measure by its own name. Wrong when
-- two companies have one name.
--
-- grain: day
-- forward: yes
-- inputs: facts
select
    p.day,
    p.known,
    f.company,
    coalesce(f.measure, f.concept) as measure,
    f.concept,
    coalesce(f.segment, 'consolidated') as segment,
    f.period_start,
    f.value,
    f.unit,
    f.currency,
    f.denominator,
    f.definition,
    coalesce(f.method, 'reported') as method,
    f.rounding,
    f.document,
    f.document_digest,
    f.table_name,
    f.row_name,
    f.column_name,
    f.form,
    f.known_from as filed
from periods p
join facts f on f.day = p.day and f.known_from <= p.known and p.known < f.known_to
where f.measure is not null or f.taxonomy is null
