"""Markets: where is margin traded for growth, and when does each city pay back? One file a gate or exhibit."""
