"""What was brought in and when it became known: immutable batches, content-hashed, read as of a date."""
