"""Hard gates, not hopeful timelines: capital decisions for an AI-infrastructure operator, from its own data."""

__version__ = "0.1.0"
