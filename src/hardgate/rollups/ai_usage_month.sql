-- Uses of AI features by account, feature, product, model and pool and month: calls, tokens by kind, and the rest.
--
-- A month in which the price of a hosted model changes or ends has a row for each price: `price_from` is the last day
-- on which one of its prices began or ended. Where one event of a sum lacks a kind of token, or its kinds do not add up
-- to the provider's total, the sums of tokens are null and not smaller. A task is successful where its outcome says so;
-- a row that stands for several calls and names no task counts as that many. Wrong when one task runs over two models:
-- it counts for both.
--
-- grain: month
-- inputs: usage_events, hosted_prices
-- money: yes
-- spans: hosted_prices
with events as (
    select
        p.day, p.known, u.day as used_on, u.foreign_key, u.account, u.feature, u.product, u.provider, u.model,
        u.task, u.outcome, coalesce(u.calls, 1) as calls,
        u.total_tokens is null or u.total_tokens = u.input_tokens + u.output_tokens + u.cache_read_tokens
            + u.cache_write_tokens + u.reasoning_tokens as adds_up,
        u.input_tokens, u.output_tokens, u.cache_read_tokens, u.cache_write_tokens, u.reasoning_tokens,
        u.steps, u.retries, u.tool_calls, u.vector_queries, u.guard_tokens, u.egress_bytes, u.cpu_ms,
        cast(floor(u.storage_byte_hours + 0.5) as bigint) as storage_byte_hours, u.paid, u.currency
    from periods p
    join usage_events u
        on cast(date_trunc('month', u.day) as date) = p.day and u.known_from <= p.known and p.known < u.known_to
),
price_days as (
    select e.day, e.known, e.model, e.used_on, max(h.changes_on) as price_from
    from (select day, known, model, used_on from events group by day, known, model, used_on) e
    join (
        select model, day as changes_on, known_from, known_to from hosted_prices
        union all
        select model, valid_to as changes_on, known_from, known_to from hosted_prices where valid_to is not null
    ) h
        on h.model = e.model and h.changes_on <= e.used_on and h.known_from <= e.known and e.known < h.known_to
    group by e.day, e.known, e.model, e.used_on
)
select
    e.day,
    e.known,
    e.account,
    e.feature,
    e.product,
    e.provider,
    e.model,
    o.pool,
    o.region,
    o.accelerator,
    d.price_from,
    e.currency,
    cast(count(*) as bigint) as events,
    cast(sum(e.calls) as bigint) as calls,
    cast(
        count(distinct case when e.outcome = 'success' then e.task end)
        + sum(case when e.outcome = 'success' and e.task is null then e.calls else 0 end) as bigint
    ) as successful_tasks,
    cast(sum(case when e.outcome is null then e.calls else 0 end) as bigint) as calls_without_outcome,
    cast(sum(case when e.adds_up then 0 else 1 end) as bigint) as events_not_adding_up,
    case when sum(case when e.adds_up then 1 else 0 end) = count(*) and count(*) = count(e.input_tokens)
        then cast(sum(e.input_tokens) as bigint) end as input_tokens,
    case when sum(case when e.adds_up then 1 else 0 end) = count(*) and count(*) = count(e.output_tokens)
        then cast(sum(e.output_tokens) as bigint) end as output_tokens,
    case when sum(case when e.adds_up then 1 else 0 end) = count(*) and count(*) = count(e.cache_read_tokens)
        then cast(sum(e.cache_read_tokens) as bigint) end as cache_read_tokens,
    case when sum(case when e.adds_up then 1 else 0 end) = count(*) and count(*) = count(e.cache_write_tokens)
        then cast(sum(e.cache_write_tokens) as bigint) end as cache_write_tokens,
    case when sum(case when e.adds_up then 1 else 0 end) = count(*) and count(*) = count(e.reasoning_tokens)
        then cast(sum(e.reasoning_tokens) as bigint) end as reasoning_tokens,
    case when count(*) = count(e.steps) then cast(sum(e.steps) as bigint) end as steps,
    case when count(*) = count(e.retries) then cast(sum(e.retries) as bigint) end as retries,
    case when count(*) = count(e.tool_calls) then cast(sum(e.tool_calls) as bigint) end as tool_calls,
    case when count(*) = count(e.vector_queries) then cast(sum(e.vector_queries) as bigint) end as vector_queries,
    case when count(*) = count(e.guard_tokens) then cast(sum(e.guard_tokens) as bigint) end as guard_tokens,
    case when count(*) = count(e.egress_bytes) then cast(sum(e.egress_bytes) as bigint) end as egress_bytes,
    case when count(*) = count(e.cpu_ms) then cast(sum(e.cpu_ms) as bigint) end as cpu_ms,
    case when count(*) = count(e.storage_byte_hours) then cast(sum(e.storage_byte_hours) as bigint) end
        as storage_byte_hours,
    case when count(*) = count(e.paid) then cast(sum(e.paid) as decimal(38,10)) end as paid,
    cast(sum(case when e.paid is null then 0 else 1 end) as bigint) as events_paid
from events e
left join price_days d on d.day = e.day and d.known = e.known and d.model = e.model and d.used_on = e.used_on
left join owner_of_usage_events o
    on o.foreign_key = e.foreign_key
    and o.valid_from <= e.used_on and e.used_on < o.valid_to and o.known_from <= e.known and e.known < o.known_to
group by
    e.day, e.known, e.account, e.feature, e.product, e.provider, e.model, o.pool, o.region, o.accelerator,
    d.price_from, e.currency
