"""One measured concept a file: what it means, when it would be wrong, and where the definition comes from."""
