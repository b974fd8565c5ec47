"""What an order leaves after what is given away on it: the third contribution margin, by the declared cost stack.

The level of each amount is the one of the declared cost stack, since CM1, CM2 and CM3 are no standard. Read by daily
blocks in the reporting currency. Wrong when costs of a day are booked on another one: then widen the window.

Source: METHODS 9 and its glossary, "CM1 / CM2 / CM3".

>>> metric.formula(1_200.0, 400.0)
3.0
"""

from hardgate.metrics.city_days import level_metric

metric = level_metric("CM3", "what an order leaves after what is given away on it, as the cost stack declares it")
