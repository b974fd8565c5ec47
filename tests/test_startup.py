"""The command line starts at once, and both DuckDB majors give the same packet."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

HEAVY = (
    "duckdb",
    "numpy",
    "scipy",
    "pydantic",
    "ruamel",
    "rich",
    "jinja2",
    "cryptography",
    "xlsxwriter",
    "sqlite3",
)
OTHER_DUCKDB = "1.5.6"
"""The oldest that pyproject.toml allows; the lock holds the newest."""

LOADED = """
import sys
from hardgate.cli import run
code = run({args!r})
print(code, *sorted(name for name in {heavy!r} if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["--version"],
        *([verb, "--help"] for verb in ("ask", "doctor", "explain", "flip", "ingest", "init", "keys", "ledger")),
        *([verb, "--help"] for verb in ("released", "review", "schema", "show", "sign", "simulate", "waive")),
        ["ledger", "mode", "--help"],
        ["rev", "--nonsense"],
    ],
)
def test_help_loads_nothing_heavy(args: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(args=args, heavy=HEAVY)], capture_output=True, text=True, check=True
    )
    code, *loaded = done.stderr.splitlines()[-1].split()
    assert loaded == []
    assert code == ("2" if "--nonsense" in args else "0")


@pytest.mark.slow
def test_both_duckdb_versions_give_the_same_packet(tmp_path: Path) -> None:
    """Ingest and review the same files with each, in workspaces of their own."""
    import duckdb

    from hardgate.sample import make

    assert duckdb.__version__ != OTHER_DUCKDB
    python = _with_other_duckdb(tmp_path / "venv")
    make(tmp_path / "sample", scale=0.1)
    packets = {}
    for version, interpreter in ((duckdb.__version__, sys.executable), (OTHER_DUCKDB, python)):
        folder = tmp_path / version
        shutil.copytree(tmp_path / "sample", folder)
        subprocess.run([interpreter, "-m", "hardgate", "-C", str(folder), "ingest"], capture_output=True, check=True)
        done = subprocess.run(
            [interpreter, "-m", "hardgate", "-C", str(folder), "review", "--json"], capture_output=True, check=False
        )
        assert done.returncode == 4, done.stderr.decode()
        packets[version] = done.stdout
    assert packets[OTHER_DUCKDB] == packets[duckdb.__version__]


def _with_other_duckdb(folder: Path) -> str:
    """Make an environment that has all of this one's packages, and another DuckDB before them."""
    venv.create(folder, system_site_packages=False, with_pip=False)
    site = next(folder.glob("lib/python*/site-packages"))
    ours = [path for path in sys.path if path.endswith("site-packages")]
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site)]
    done = subprocess.run(
        [*install, f"duckdb=={OTHER_DUCKDB}"], capture_output=True, text=True, check=False, env={**os.environ}
    )
    if done.returncode != 0:
        pytest.skip(f"duckdb {OTHER_DUCKDB} cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    source = Path(__file__).parents[1] / "src"
    (site / "hardgate-tests.pth").write_text("\n".join([str(source), *ours]) + "\n")
    python = str(folder / "bin" / "python")
    found = subprocess.run(
        [python, "-c", "import duckdb; print(duckdb.__version__)"], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == OTHER_DUCKDB
    return python
