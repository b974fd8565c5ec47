"""Where and with what something was measured: without it a figure says nothing."""

import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[1]
_PACKAGES = ("duckdb", "polars", "numpy")
SPARE = 0.8
"""The share of the memory available that a peer without a limit of its own may take."""


def machine() -> dict[str, Any]:
    """Return processor, cores, memory and operating system."""
    return {
        "cpu": _first(Path("/proc/cpuinfo"), r"model name\s*:\s*(.+)") or platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "os": _first(Path("/etc/os-release"), r'PRETTY_NAME="?([^"\n]+)') or platform.system(),
        "kernel": platform.release().partition("-")[0],
    }


def spare_memory() -> int | None:
    """Return the bytes that a process may take without need on the others: most of what is available, where that is known."""
    found = _first(Path("/proc/meminfo"), r"MemAvailable:\s*(\d+) kB")
    return int(int(found) * 1024 * SPARE) if found else None


def versions() -> dict[str, str]:
    """Return the versions of what was measured, with the commit."""
    return {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}, "commit": commit()}


def commit() -> str:
    """Return the commit, with a plus where the tree has changes that are not in it."""
    head, changes = _git("rev-parse", "--short=12", "HEAD"), _git("status", "--porcelain", "--", "src", "bench")
    return f"{head}+" if changes else head or "unknown"


def label(found: dict[str, Any]) -> str:
    """Return a name for a machine that a file can have.

    >>> label({"cpu": "Intel(R) Xeon(R) Processor @ 2.1GHz", "cores": 2})
    'intel-xeon-processor-2-1ghz-2-cores'

    """
    plain = re.sub(r"\((R|TM|r|tm)\)", "", str(found["cpu"]))
    return re.sub(r"[^a-z0-9]+", "-", f"{plain} {found['cores']} cores".lower()).strip("-")


def _first(path: Path, pattern: str) -> str:
    try:
        match = re.search(pattern, path.read_text(encoding="utf-8"))
    except OSError:
        return ""
    return match[1].strip() if match else ""


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=_ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
