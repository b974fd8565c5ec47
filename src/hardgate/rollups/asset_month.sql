-- What the fixed assets of a pool lose in a month by plan, and what they are carried at when it ends.
--
-- Straight line spreads cost less impairment less residual value over the life; declining balance takes twice the
-- straight-line rate off what is left, not below the residual value, which is reached when the life ends. A first or
-- last month counts by its days. Each month is the difference of two amounts rounded to 0.01, so that the months of a
-- life add up exactly. A retired asset is carried at nothing. Where no residual value or impairment is declared there
-- is none. A method of another name gives null.
-- Wrong for the months before an impairment was booked: the register says how much, not when.
--
-- grain: month
-- inputs: asset_register
-- money: yes
-- spans: asset_register
with assets as (
    select
        foreign_key, day, currency, known_from, known_to, method, retired_on, life_months,
        cast(cost as double) - coalesce(cast(impairment as double), 0) as base,
        coalesce(cast(residual as double), 0) as residual,
        extract(year from in_service_date) * 12 + extract(month from in_service_date) as start_month,
        cast(extract(day from in_service_date) - 1 as double)
            / datediff(
                add_months(cast(date_trunc('month', in_service_date) as date), 1),
                cast(date_trunc('month', in_service_date) as date)
            ) as start_part
    from asset_register
),
months as (
    select
        p.day, p.known, a.foreign_key, a.currency, a.method, a.base, a.residual, a.life_months, a.retired_on,
        a.day as in_service_date,
        cast(extract(year from p.day) * 12 + extract(month from p.day) - a.start_month as double) - a.start_part as age,
        case
            when a.retired_on < add_months(p.day, 1)
                then cast(datediff(a.retired_on, p.day) as double) / datediff(add_months(p.day, 1), p.day)
            else 1
        end as part
    from periods p
    join assets a
        on a.day < add_months(p.day, 1) and (a.retired_on is null or p.day < a.retired_on)
        and a.known_from <= p.known and p.known < a.known_to
),
ages as (
    select
        day, known, foreign_key, currency, method, base, residual, in_service_date, life_months,
        retired_on is not null and retired_on <= add_months(day, 1) as gone,
        greatest(1 - cast(2 as double) / life_months, 0) as left_a_month,
        least(greatest(age, 0), life_months) as age_before,
        least(greatest(age + part, 0), life_months) as age_after
    from months
),
lost as (
    select
        day, known, foreign_key, currency, base, in_service_date, gone,
        case
            when age_before >= life_months then base - residual
            when method = 'straight_line' then (base - residual) * (age_before / life_months)
            when method = 'declining_balance'
                then base - greatest(base * power(left_a_month, age_before), residual)
        end as lost_before,
        case
            when method not in ('straight_line', 'declining_balance') then cast(null as double)
            when age_after >= life_months then base - residual
            when method = 'straight_line' then (base - residual) * (age_after / life_months)
            when method = 'declining_balance'
                then base - greatest(base * power(left_a_month, age_after), residual)
        end as lost_after
    from ages
),
cents as (
    select
        day, known, foreign_key, currency, in_service_date,
        cast(floor(lost_after * 100 + 0.5) as bigint) - cast(floor(lost_before * 100 + 0.5) as bigint) as depreciation,
        case
            when gone then 0
            else cast(floor(base * 100 + 0.5) as bigint) - cast(floor(lost_after * 100 + 0.5) as bigint)
        end as carried
    from lost
)
select
    c.day,
    c.known,
    o.region,
    o.accelerator,
    o.pool,
    c.currency,
    case
        when count(*) = count(c.depreciation)
            then cast(
                cast(cast(sum(c.depreciation) as bigint) as decimal(20,0)) * cast(0.01 as decimal(3,2))
                as decimal(38,10)
            )
    end as depreciation,
    case
        when count(*) = count(c.carried)
            then cast(
                cast(cast(sum(c.carried) as bigint) as decimal(20,0)) * cast(0.01 as decimal(3,2))
                as decimal(38,10)
            )
    end as carrying_amount
from cents c
left join owner_of_asset_register o
    on o.foreign_key = c.foreign_key
    and o.valid_from <= greatest(c.day, c.in_service_date) and greatest(c.day, c.in_service_date) < o.valid_to
    and o.known_from <= c.known and c.known < o.known_to
group by c.day, c.known, o.region, o.accelerator, o.pool, c.currency
