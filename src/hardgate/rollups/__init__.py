"""Small tables made from the lake, one `.sql` file each: the only heavy queries of the system."""
