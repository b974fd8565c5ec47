"""What to build: gates and exhibits over what is owned, sold, busy, productive, demanded and contracted."""
