-- Orders of each city and day, and every amount that they brought or cost.
--
-- An order without a city stays in the row whose city is null. Where one order of a sum lacks an amount, or pays back
-- more than it took, the sum is null and not smaller; `overpaid_refunds` counts the latter. Wrong when an order that
-- was called off is exported as an order.
--
-- grain: day
-- inputs: orders
-- money: yes
select
    p.day,
    p.known,
    o.city,
    o.currency,
    cast(count(*) as bigint) as orders,
    cast(count(o.delivered_at) as bigint) as delivered,
    cast(count(distinct o.customer) as bigint) as customers,
    case
        when count(*) = count(o.discount_platform)
            then cast(sum(case when o.discount_platform > 0 then 0 else 1 end) as bigint)
    end as paid_orders,
    cast(
        sum(case when o.refund > o.value + coalesce(o.delivery_fee, 0) then 1 else 0 end) as bigint
    ) as overpaid_refunds,
    case when count(*) = count(o.value) then cast(sum(o.value) as decimal(38,10)) end as value,
    case when count(*) = count(o.commission) then cast(sum(o.commission) as decimal(38,10)) end as commission,
    case when count(*) = count(o.delivery_fee) then cast(sum(o.delivery_fee) as decimal(38,10)) end as delivery_fee,
    case
        when count(*) = count(o.discount_platform) then cast(sum(o.discount_platform) as decimal(38,10))
    end as discount_platform,
    case
        when count(*) = count(o.discount_merchant) then cast(sum(o.discount_merchant) as decimal(38,10))
    end as discount_merchant,
    case when count(*) = count(o.courier_cost) then cast(sum(o.courier_cost) as decimal(38,10)) end as courier_cost,
    case when count(*) = count(o.payment_cost) then cast(sum(o.payment_cost) as decimal(38,10)) end as payment_cost,
    case when count(*) = count(o.support_cost) then cast(sum(o.support_cost) as decimal(38,10)) end as support_cost,
    case
        when count(*) = count(o.refund)
            and sum(case when o.refund > o.value + coalesce(o.delivery_fee, 0) then 1 else 0 end) = 0
            then cast(sum(o.refund) as decimal(38,10))
    end as refund
from periods p
join orders o on cast(o.day as date) = p.day and o.known_from <= p.known and p.known < o.known_to
group by p.day, p.known, o.city, o.currency
