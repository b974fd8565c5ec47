"""The mathematics: arrays in, arrays out; no tables, no clock, no files."""
