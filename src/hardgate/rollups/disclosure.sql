-- Sentences of published documents, by the day they were said.
--
-- Wrong when a sentence is taken out of what stands around it.
--
-- grain: day
-- inputs: disclosures
select
    p.day,
    p.known,
    t.company,
    t.document,
    t.sentence_no,
    t.topic,
    t.sentence,
    t.document_digest,
    t.known_from as filed
from periods p
join disclosures t on t.day = p.day and t.known_from <= p.known and p.known < t.known_to
