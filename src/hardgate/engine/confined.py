"""Run a user's own SELECT where it can do no harm: in a process of its own, over named relations and nothing else.

The child may read the Parquet files of one folder, has a memory limit of the operating system beside DuckDB's, and is
killed when its time is up: an interrupt inside one process does not stop every query. One statement, and a SELECT.
Wrong where the operating system has no limits on memory (Windows): then time alone bounds it.

>>> select("select 6 * 7 as answer", {}, Path("."))
(('answer',), [[42]])
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hardgate.core.errors import BadInput
from hardgate.engine.portable import literal

SECONDS = 20
MEMORY_MB = 512
ROOM_MB = 1536
"""Address space that the interpreter and the engine take before they hold any data."""


def select(
    sql: str, relations: Mapping[str, str], folder: Path, *, memory_mb: int = MEMORY_MB, seconds: float = SECONDS
) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Return the column names and rows of a SELECT over relations, each a name and a SELECT over files in `folder`.

    Dates come back as ISO text and decimals as text.

    Raises:
        BadInput: it is no single SELECT, fails, or takes more memory or time than it may.

    """
    told = {"sql": sql, "relations": dict(relations), "folder": str(folder.resolve()), "memory_mb": memory_mb}
    try:
        done = subprocess.run(  # noqa: S603  our own module under our own interpreter
            [sys.executable, "-m", __name__],
            input=json.dumps(told),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BadInput(f"took longer than {seconds:g} s and was stopped: narrow it, or read a daily rollup") from error
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"ended with {done.returncode}"
        raise BadInput(last)
    answer = json.loads(done.stdout)
    return tuple(answer["columns"]), answer["rows"]


def _child() -> int:
    """Run what stands on stdin as JSON, and print the answer as JSON."""
    told = json.load(sys.stdin)
    _limit(int(told["memory_mb"]))
    import duckdb

    try:
        answer = _run(duckdb, told)
    except (duckdb.Error, ValueError, MemoryError) as error:
        said = "took more memory than it may" if isinstance(error, MemoryError) else str(error)
        print(said.strip().partition("\n")[0], file=sys.stderr)  # noqa: T201  the child's only way to speak
        return 1
    json.dump(answer, sys.stdout, default=str)
    return 0


def _run(duckdb: Any, told: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ANN401  the module
    config = {
        "memory_limit": f"{told['memory_mb']}MB",
        "threads": 1,
        "temp_directory": "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    with duckdb.connect(":memory:", config=config) as connection:
        for name, sql in told["relations"].items():
            connection.execute(f"create view {name} as {sql}")
        connection.execute(f"set allowed_directories = [{literal(told['folder'])}]")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        statements = connection.extract_statements(told["sql"])
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise ValueError("expected one SELECT and nothing else")
        cursor = connection.execute(statements[0])
        return {"columns": [one[0] for one in cursor.description], "rows": cursor.fetchall()}


def _limit(memory_mb: int) -> None:
    try:
        import resource
    except ImportError:  # no such limits here; the parent's clock remains
        return
    most = (memory_mb + ROOM_MB) * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    sys.exit(_child())
