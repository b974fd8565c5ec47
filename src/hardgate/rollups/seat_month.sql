-- Seats and their fees by account, product and month.
--
-- Where one row of a sum lacks its figure, the sum is null: a missing fee never makes revenue smaller.
-- Wrong when seats are billed a year ahead in one row: state them month by month.
--
-- grain: month
-- inputs: seats
-- money: yes
select
    p.day,
    p.known,
    s.account,
    s.product,
    s.currency,
    case when count(*) = count(s.seats) then cast(sum(s.seats) as bigint) end as seats,
    case when count(*) = count(s.fee) then cast(sum(s.fee) as decimal(38,10)) end as fee,
    case
        when count(*) = count(s.included_tokens) then cast(sum(s.included_tokens * s.seats) as bigint)
    end as included_tokens
from periods p
join seats s
    on cast(date_trunc('month', s.day) as date) = p.day and s.known_from <= p.known and p.known < s.known_to
group by p.day, p.known, s.account, s.product, s.currency
