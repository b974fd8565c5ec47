"""Outlook: when does the programme pay off, and what would turn the decision? One file a gate or exhibit."""
