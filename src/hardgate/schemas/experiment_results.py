"""Sums of an experiment by arm, as an experiment platform keeps them: from the first exposure to the end of a day.

For metrics that orders do not hold, and for units that are no customers (zone x time). A mean has the denominator 1.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="experiment_results",
    meaning="sums of an experiment by arm and day, from its first exposure on",
    columns=(
        Column("feature", "text", "feature"),
        Column("metric", "text", "metric, as registered"),
        Column("arm", "text", "control or treated"),
        Column("day", "date", "last day counted"),
        Column("units", "integer", "units exposed so far"),
        Column("numerator_mean", "number", "mean of the numerator over units"),
        Column("denominator_mean", "number", "mean of the denominator over units"),
        Column("numerator_variance", "number", "its sample variance"),
        Column("denominator_variance", "number", "its sample variance"),
        Column("covariance", "number", "sample covariance of the two"),
    ),
    key=("feature", "metric", "arm", "day"),
    day="day",
)
