"""What to charge: gates and exhibits over usage, what serving it costs, price lists, deals, seats and bundles."""
