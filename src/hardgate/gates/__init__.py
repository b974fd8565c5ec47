"""From readings and limits to verdicts: the interval rule and the fold over periods. Pure functions."""
