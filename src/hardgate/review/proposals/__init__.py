"""Asks that need no typing, since the data already holds them: one file a kind, found by walking this folder."""
