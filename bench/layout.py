"""Where the files of one size lie; apart from what makes them, so that the measuring process imports nothing heavy."""

HISTORY, NEW_DAY = "telemetry", "new-day"
