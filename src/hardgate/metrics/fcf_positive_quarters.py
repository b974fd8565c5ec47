"""For how many quarters in a row free cash flow is above nothing, each quarter for itself.

For issuers of whom not every quarter is known; seasons turn it. Wrong as an inflection where four quarters are known.

Source: METHODS glossary, FCF inflection.

>>> metric.unit
'quarters'
"""

from hardgate.metrics.free_cash_flow import quarters_metric

metric = quarters_metric("fcf_positive_quarters", "quarters in a row with free cash flow above nothing", trailing=False)
