"""Runs one work in this process and prints what it took as JSON: `python -m bench.child NAME ARGUMENTS`.

The time is of the work alone: imports and opening lie before it. CPU seconds are of all threads.
"""

import json
import resource
import sys
import time


def main() -> None:
    """Run the work that is named, with the arguments given as JSON."""
    from bench.works import WORKS

    work = WORKS[sys.argv[1]](**json.loads(sys.argv[2]))
    before, begin = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    facts = work()
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"wall": wall, "cpu": cpu, "facts": facts}))


if __name__ == "__main__":
    main()
