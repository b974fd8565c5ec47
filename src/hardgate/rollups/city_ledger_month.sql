-- What was booked in the cities and in the centre, by account and month.
--
-- The centre is the row whose city is empty. Wrong when a month is still open.
--
-- grain: month
-- inputs: city_ledger
-- money: yes
select
    p.day,
    p.known,
    coalesce(l.city, '') as city,
    l.account,
    l.currency,
    case when count(*) = count(l.amount) then cast(sum(l.amount) as decimal(38,10)) end as amount
from periods p
join city_ledger l
    on cast(date_trunc('month', l.day) as date) = p.day and l.known_from <= p.known and p.known < l.known_to
group by p.day, p.known, coalesce(l.city, ''), l.account, l.currency
