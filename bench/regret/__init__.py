"""Would the trigger have been right? Its regret beside that of simpler rules, on demand that is known to the end.

`python -m bench.regret` runs the study and writes `bench/results/regret.json`; `python -m bench.regret page` writes its
tables into docs/evidence.md. One seed gives one file, byte for byte.
"""
