-- Events of AI features by account, feature, rung and day: all, paid for, and within a trial.
--
-- What is within a trial is not paid for, whatever the bill says. An account without a row did not use the feature that
-- day, so a day without any row at all is a missing export. Where one row of a sum lacks its count, the sum is null.
-- Wrong when an account's own batch jobs count as use that nobody asked for.
--
-- grain: day
-- inputs: feature_usage
select
    p.day,
    p.known,
    f.account,
    f.feature,
    f.rung,
    case when count(*) = count(f.events) then cast(sum(f.events) as bigint) end as events,
    case
        when count(*) = count(f.events) and count(*) = count(f.paid)
            then cast(sum(case when f.paid and not coalesce(f.trial, false) then f.events else 0 end) as bigint)
    end as paid_events,
    case
        when count(*) = count(f.events)
            then cast(sum(case when coalesce(f.trial, false) then f.events else 0 end) as bigint)
    end as trial_events
from periods p
join feature_usage f on f.day = p.day and f.known_from <= p.known and p.known < f.known_to
group by p.day, p.known, f.account, f.feature, f.rung
