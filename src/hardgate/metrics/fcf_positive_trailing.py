"""For how many quarters in a row free cash flow of four quarters is above nothing: the inflection of METHODS 15.

Below it is nothing, and unknown where one of the last four quarters is. Wrong when a year's seasons are not in four
quarters.

Source: METHODS glossary, FCF inflection.

>>> metric.unit
'quarters'
"""

from hardgate.metrics.free_cash_flow import quarters_metric

metric = quarters_metric(
    "fcf_positive_trailing",
    "quarters in a row with free cash flow of four quarters above nothing",
    trailing=True,
)
