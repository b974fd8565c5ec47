-- What was spent to win customers, by city and day.
--
-- Spend without a city stays in the row whose city is null. Wrong when spend is booked long before the customers come.
--
-- grain: day
-- inputs: acquisition_spend
-- money: yes
select
    p.day,
    p.known,
    a.city,
    a.currency,
    case when count(*) = count(a.amount) then cast(sum(a.amount) as decimal(38,10)) end as amount
from periods p
join acquisition_spend a on a.day = p.day and a.known_from <= p.known and p.known < a.known_to
group by p.day, p.known, a.city, a.currency
