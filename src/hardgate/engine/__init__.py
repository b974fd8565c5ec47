"""The one seam to the analytical database, and the SQL that DuckDB and Spark share."""

from hardgate.engine.connect import Engine, connect

__all__ = ["Engine", "connect"]
