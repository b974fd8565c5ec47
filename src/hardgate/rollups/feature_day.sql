-- Sums of each experiment by metric and arm, over all who first saw an arm in its window, and what they ordered since.
--
-- Means, sample variances and a covariance over units: the statistics of a result need nothing else, however many units
-- there are. A customer who saw both arms counts in the one seen first, and in `both_arms`. The window is that of the
-- newest registration. Who saw an arm before it began, in a pilot or a ramp, is left out of both arms: what the feature
-- did to them then, and who left over it, is in no sum, and what is new has worn off. When somebody is first shown an
-- arm does not hang on the arm, so that who is left can be compared (Kohavi, Tang & Xu 2020, chapters 15, 20 and 23).
-- Sums that an experiment platform keeps come in beside them as they are.
--
-- Wrong when units meet; and when those who come most are all shown it before the window: then the rest speak for them.
--
-- grain: day
-- inputs: experiments, exposures, orders, experiment_results
-- prior: experiments, exposures, orders
with registered as (
    select
        p.day, p.known, e.feature, e.unit, e.starts_on, e.ends_on,
        row_number() over (partition by p.day, p.known, e.feature, e.metric order by e.day desc) as place
    from periods p
    join experiments e on e.day <= p.day and e.known_from <= p.known and p.known < e.known_to
),
windows as (
    select day, known, feature, min(starts_on) as starts_on
    from registered
    where place = 1 and unit = 'customer' and starts_on <= day and day < ends_on
    group by day, known, feature
),
exposed as (
    select
        w.day, w.known, w.feature, w.starts_on, x.customer, min(cast(x.day as date)) as since,
        min_by(x.arm, x.exposed_at) as arm, max(x.arm) as last_arm, min(x.arm) as first_arm
    from windows w
    join exposures x
        on x.feature = w.feature and cast(x.day as date) <= w.day and x.known_from <= w.known and w.known < x.known_to
    group by w.day, w.known, w.feature, w.starts_on, x.customer
),
counted as (
    select day, known, feature, customer, since, arm, last_arm, first_arm
    from exposed
    where since >= starts_on
),
placed as (
    select
        customer, day, known_from, known_to, value,
        commission + delivery_fee - discount_platform - courier_cost - payment_cost - support_cost - refund
            as contribution
    from orders
),
ordered as (
    select
        e.day, e.known, e.feature, e.customer,
        cast(count(*) as double) as orders,
        cast(sum(o.value) as double) as value,
        cast(sum(o.contribution) as double) as contribution,
        count(*) - count(o.value) as no_value,
        count(*) - count(o.contribution) as no_contribution
    from counted e
    join placed o
        on o.customer = e.customer and cast(o.day as date) >= e.since and cast(o.day as date) <= e.day
        and o.known_from <= e.known and e.known < o.known_to
    group by e.day, e.known, e.feature, e.customer
),
units as (
    select
        e.day, e.known, e.feature, e.arm, case when e.first_arm <> e.last_arm then 1 else 0 end as both_arms,
        coalesce(o.orders, 0) as orders, coalesce(o.value, 0) as value, coalesce(o.contribution, 0) as contribution,
        coalesce(o.no_value, 0) as no_value, coalesce(o.no_contribution, 0) as no_contribution
    from counted e
    left join ordered o
        on o.day = e.day and o.known = e.known and o.feature = e.feature and o.customer = e.customer
),
sums as (
    select
        day, known, feature, arm, count(*) as units, sum(both_arms) as both_arms,
        avg(orders) as orders_mean, variance(orders) as orders_variance,
        avg(value) as value_mean, variance(value) as value_variance,
        avg(contribution) as contribution_mean, variance(contribution) as contribution_variance,
        covar_pop(value, orders)
            * (cast(count(*) as double) / nullif(cast(count(*) - 1 as double), 0)) as covariance,
        sum(no_value) as no_value, sum(no_contribution) as no_contribution
    from units
    group by day, known, feature, arm
),
long as (
    select
        day, known, feature, 'basket_value' as metric, arm, units, both_arms,
        case when no_value = 0 then value_mean end as numerator_mean, orders_mean as denominator_mean,
        value_variance as numerator_variance, orders_variance as denominator_variance, covariance
    from sums
    union all
    select
        day, known, feature, 'orders_per_customer' as metric, arm, units, both_arms,
        orders_mean, 1, orders_variance, 0, 0
    from sums
    union all
    select
        day, known, feature, 'contribution_per_customer' as metric, arm, units, both_arms,
        case when no_contribution = 0 then contribution_mean end, 1, contribution_variance, 0, 0
    from sums
    union all
    select
        p.day, p.known, r.feature, r.metric, r.arm, r.units, 0, r.numerator_mean, r.denominator_mean,
        r.numerator_variance, r.denominator_variance, r.covariance
    from periods p
    join experiment_results r on r.day = p.day and r.known_from <= p.known and p.known < r.known_to
)
select
    day,
    known,
    feature,
    metric,
    arm,
    cast(units as bigint) as units,
    cast(both_arms as bigint) as both_arms,
    cast(numerator_mean as double) as numerator_mean,
    cast(denominator_mean as double) as denominator_mean,
    cast(numerator_variance as double) as numerator_variance,
    cast(denominator_variance as double) as denominator_variance,
    cast(covariance as double) as covariance
from long
