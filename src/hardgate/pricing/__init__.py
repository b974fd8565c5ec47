"""Prices: does what is sold cover what it costs, and who is subsidised? One file a gate or exhibit."""
