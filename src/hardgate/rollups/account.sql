-- The accounts that features may attach to, by the first day on which they could.
--
-- An account whose eligible day moves leaves its old day and appears on the new one; the older version stays for older
-- dates. Wrong when an account that left is taken out of the table: give it the day after its last one.
--
-- grain: day
-- forward: yes
-- inputs: accounts
select
    p.day,
    p.known,
    a.account,
    a.region,
    a.segment,
    a.eligible_from,
    a.eligible_to,
    a.access_granted,
    a.architecture,
    a.offer,
    a.offered_on
from periods p
join accounts a on a.day = p.day and a.known_from <= p.known and p.known < a.known_to
