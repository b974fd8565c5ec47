-- The bill by day: billed, effective, list and contracted cost of each pool, provider, category and commitment status.
--
-- Charges that no identity rule matches stay in the rows whose pool is null, so that every day adds up to the bill.
-- `rows` counts the charges of a row. Where one charge lacks an amount, the sum it belongs to is null and not smaller.
-- Amounts are in the currency of the row and are never added across currencies here.
--
-- grain: day
-- inputs: cost_and_usage
-- money: yes
with charges as (
    select
        day, known_from, known_to, foreign_key, provider, currency, charge_category, commitment_discount_status,
        service_category,
        sum(billed_cost) as billed_cost, count(billed_cost) as billed_known,
        sum(effective_cost) as effective_cost, count(effective_cost) as effective_known,
        sum(list_cost) as list_cost, count(list_cost) as list_known,
        sum(contracted_cost) as contracted_cost, count(contracted_cost) as contracted_known,
        count(*) as charges
    from cost_and_usage
    group by
        day, known_from, known_to, foreign_key, provider, currency, charge_category, commitment_discount_status,
        service_category
)
select
    p.day,
    p.known,
    o.region,
    o.accelerator,
    o.pool,
    c.provider,
    c.currency,
    c.charge_category,
    c.commitment_discount_status,
    c.service_category,
    case
        when sum(c.charges) = sum(c.billed_known) then cast(sum(c.billed_cost) as decimal(38,10))
    end as billed_cost,
    case
        when sum(c.charges) = sum(c.effective_known) then cast(sum(c.effective_cost) as decimal(38,10))
    end as effective_cost,
    case
        when sum(c.charges) = sum(c.list_known) then cast(sum(c.list_cost) as decimal(38,10))
    end as list_cost,
    case
        when sum(c.charges) = sum(c.contracted_known) then cast(sum(c.contracted_cost) as decimal(38,10))
    end as contracted_cost,
    cast(sum(c.charges) as bigint) as rows
from periods p
join charges c on c.day = p.day and c.known_from <= p.known and p.known < c.known_to
left join owner_of_cost_and_usage o
    on o.foreign_key = c.foreign_key
    and o.valid_from <= p.day and p.day < o.valid_to and o.known_from <= p.known and p.known < o.known_to
group by
    p.day, p.known, o.region, o.accelerator, o.pool, c.provider, c.currency, c.charge_category,
    c.commitment_discount_status, c.service_category
