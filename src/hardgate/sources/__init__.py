"""Foreign formats, one file each: how their columns become the columns of our tables. The lake does the reading."""
