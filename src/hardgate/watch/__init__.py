"""Watch: what do our own and our peers' published figures signal? One file a gate or exhibit."""
