-- What is registered of each feature and metric, by the day of registration, and from when on it has been so.
--
-- `stated_on` is the date from which this text is known, `first_stated_on` that of the first text under the same day of
-- registration: where they differ, the registration was changed in place. Wrong when the registry writes the day of
-- registration anew at each change.
--
-- grain: day
-- inputs: experiments
select
    p.day,
    p.known,
    e.feature,
    e.metric,
    e.role,
    e.unit,
    e.starts_on,
    e.ends_on,
    e.minimum_effect,
    e.looks,
    e.alpha,
    e.control_share,
    e.planned_units,
    e.open_ended,
    e.registered_by,
    e.known_from as stated_on,
    f.first_stated_on
from periods p
join experiments e on e.day = p.day and e.known_from <= p.known and p.known < e.known_to
join (
    select feature, metric, day, min(known_from) as first_stated_on
    from experiments
    group by feature, metric, day
) f on f.feature = e.feature and f.metric = e.metric and f.day = e.day
