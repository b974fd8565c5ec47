"""What was decided, by whom, in order: an append-only ledger in which every entry covers the one before it."""
