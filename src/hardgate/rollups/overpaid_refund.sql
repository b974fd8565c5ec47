-- Refunds that are larger than their order, by city and day, with the number of one such order.
--
-- Such an order is a mistake of the export: what it left is not known, and the sums of its day are null elsewhere.
-- Wrong where a refund pays for more than the order that it is booked on.
--
-- grain: day
-- inputs: orders
select
    p.day,
    p.known,
    o.city,
    cast(count(*) as bigint) as refunds,
    min(o.order_id) as order_id
from periods p
join orders o on cast(o.day as date) = p.day and o.known_from <= p.known and p.known < o.known_to
where o.refund > o.value + coalesce(o.delivery_fee, 0)
group by p.day, p.known, o.city
