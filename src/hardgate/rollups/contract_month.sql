-- What customers are bound to, spread over the months of each contract's term.
--
-- An amount is spread by days. With a ramp the volume rises evenly from nothing to full over its months, so that early
-- months carry less. Every month is the difference of two running amounts rounded to 0.01, and the last month takes
-- what is left, so that the months of a contract add up to it exactly. Remaining performance obligations and backlog
-- are spread over what was left of the term when they became known. A contract without a pool may be served from any.
-- Wrong when a contract is renewed under its old number: then the new term must be stated with all of its amount.
--
-- grain: month
-- forward: yes
-- inputs: contracts
-- money: yes
-- spans: contracts
with terms as (
    select
        contract, customer, foreign_key, day, known_from, known_to, end_date, tranche, currency, committed_amount,
        floor(committed_gpu_hours * 3600000 + 0.5) as gpu_ms,
        take_or_pay, termination, portable, credit_grade, rpo, backlog,
        cast(datediff(end_date, start_date) as double) as length,
        cast(datediff(
            add_months(cast(date_trunc('month', start_date) as date), cast(coalesce(ramp_months, 0) as int)),
            cast(date_trunc('month', start_date) as date)
        ) as double) as ramp,
        cast(greatest(least(datediff(known_from, start_date), datediff(end_date, start_date)), 0) as double) as gone
    from contracts
    where end_date > start_date
),
cuts as (
    select
        p.day, p.known, t.day as start_date, t.contract, t.customer, t.foreign_key, t.tranche, t.currency,
        t.committed_amount, t.gpu_ms, t.take_or_pay, t.termination, t.portable, t.credit_grade, t.rpo, t.backlog,
        t.length, t.ramp, t.gone,
        cast(greatest(datediff(p.day, t.day), 0) as double) as opens,
        least(cast(datediff(add_months(p.day, 1), t.day) as double), t.length) as closes
    from periods p
    join terms t
        on t.day < add_months(p.day, 1) and p.day < t.end_date and t.known_from <= p.known and p.known < t.known_to
),
weights as (
    -- the volume delivered by a day of the term, in days of full volume
    select
        *,
        case when opens < ramp then opens * opens / (2 * ramp) else opens - ramp / 2 end as by_opening,
        case when closes < ramp then closes * closes / (2 * ramp) else closes - ramp / 2 end as by_closing,
        case when length < ramp then length * length / (2 * ramp) else length - ramp / 2 end as by_end,
        case when gone < ramp then gone * gone / (2 * ramp) else gone - ramp / 2 end as by_known
    from cuts
),
shares as (
    select
        *,
        by_opening / by_end as from_share,
        case when closes >= length then 1 else by_closing / by_end end as to_share,
        case
            when gone >= length then 0
            else (greatest(by_opening, by_known) - by_known) / (by_end - by_known)
        end as rest_from,
        case
            when closes >= length then 1
            when gone >= length then 0
            else (greatest(by_closing, by_known) - by_known) / (by_end - by_known)
        end as rest_to
    from weights
),
months as (
    select
        *,
        cast(case when to_share >= 1 then gpu_ms else floor(gpu_ms * to_share) end as bigint)
        - cast(floor(gpu_ms * from_share) as bigint) as month_gpu_ms,
        case
            when to_share >= 1 then cast(committed_amount as decimal(28,10))
            else cast(
                cast(cast(floor(cast(committed_amount as double) * 100 * to_share + 0.5) as bigint) as decimal(20,0))
                * cast(0.01 as decimal(3,2)) as decimal(28,10)
            )
        end
        - case
            when from_share >= 1 then cast(committed_amount as decimal(28,10))
            else cast(
                cast(cast(floor(cast(committed_amount as double) * 100 * from_share + 0.5) as bigint) as decimal(20,0))
                * cast(0.01 as decimal(3,2)) as decimal(28,10)
            )
        end as month_amount,
        case
            when rest_to >= 1 then cast(rpo as decimal(28,10))
            else cast(
                cast(cast(floor(cast(rpo as double) * 100 * rest_to + 0.5) as bigint) as decimal(20,0))
                * cast(0.01 as decimal(3,2)) as decimal(28,10)
            )
        end
        - case
            when rest_from >= 1 then cast(rpo as decimal(28,10))
            else cast(
                cast(cast(floor(cast(rpo as double) * 100 * rest_from + 0.5) as bigint) as decimal(20,0))
                * cast(0.01 as decimal(3,2)) as decimal(28,10)
            )
        end as month_rpo,
        case
            when rest_to >= 1 then cast(backlog as decimal(28,10))
            else cast(
                cast(cast(floor(cast(backlog as double) * 100 * rest_to + 0.5) as bigint) as decimal(20,0))
                * cast(0.01 as decimal(3,2)) as decimal(28,10)
            )
        end
        - case
            when rest_from >= 1 then cast(backlog as decimal(28,10))
            else cast(
                cast(cast(floor(cast(backlog as double) * 100 * rest_from + 0.5) as bigint) as decimal(20,0))
                * cast(0.01 as decimal(3,2)) as decimal(28,10)
            )
        end as month_backlog
    from shares
)
select
    m.day,
    m.known,
    m.contract,
    m.customer,
    o.pool,
    o.region,
    o.accelerator,
    m.tranche,
    m.currency,
    cast(m.month_amount as decimal(38,10)) as committed_amount,
    m.month_gpu_ms as committed_gpu_ms,
    m.take_or_pay,
    m.termination,
    m.portable,
    m.credit_grade,
    cast(m.month_rpo as decimal(38,10)) as rpo,
    cast(m.month_backlog as decimal(38,10)) as backlog
from months m
left join owner_of_contracts o
    on o.foreign_key = m.foreign_key
    and o.valid_from <= greatest(m.day, m.start_date) and greatest(m.day, m.start_date) < o.valid_to
    and o.known_from <= m.known and m.known < o.known_to
