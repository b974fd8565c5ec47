"""Runs one work in this process and prints what it took as JSON: `python -m bench.child NAME ARGUMENTS [BYTES]`.

The time is of the work alone: imports and opening lie before it. CPU seconds are of all threads. A process that may have
so many bytes of memory fails by itself where it wants more, before the kernel ends it or another one.
"""

import json
import resource
import sys
import time

from bench.measure import NO_MEMORY


def main() -> None:
    """Run the work that is named, with the arguments given as JSON."""
    if len(sys.argv) > 3:
        # Files that are mapped do not count, nor do addresses that are only reserved.
        resource.setrlimit(resource.RLIMIT_DATA, (int(sys.argv[3]), int(sys.argv[3])))
    from bench.works import WORKS

    work = WORKS[sys.argv[1]](**json.loads(sys.argv[2]))
    before, begin = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    facts = work()
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"wall": wall, "cpu": cpu, "facts": facts}))


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        sys.exit(NO_MEMORY)
