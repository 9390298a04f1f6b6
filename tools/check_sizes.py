#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""check_sizes.py: functions of at most 80 lines, files of at most 700.
(60 and 600 are what to aim for; `check_sizes.py -w` lists those as well.)
"""
import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
FUNCTION, FILE = 80, 700


def functions(lines):
    """(line of the opening brace, length) of each C function."""
    start = None
    for number, line in enumerate(lines, 1):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start is not None:
            yield start, number - start - 1
            start = None


def main():
    soft = "-w" in sys.argv[1:]
    most_function, most_file = (60, 600) if soft else (FUNCTION, FILE)
    bad = 0
    for top in ("abi", "arch", "kernel", "user", "tests", "tools", "mk"):
        for folder, _, names in sorted(os.walk(os.path.join(TOP, top))):
            for name in sorted(names):
                if not name.endswith((".c", ".h", ".S", ".py", ".sh", ".mk")):
                    continue
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8", errors="replace") as f:
                    lines = f.read().split("\n")
                short = os.path.relpath(path, TOP)
                # The benchmarks are one program in one file by design.
                if len(lines) > most_file and "tests/bench/" not in short:
                    print("%s: %d lines" % (short, len(lines)))
                    bad = 1
                if not name.endswith((".c", ".h")) or "bench/" in short:
                    continue
                for at, length in functions(lines):
                    if length > most_function:
                        print("%s:%d: a function of %d lines" %
                              (short, at, length))
                        bad = 1
    return 0 if soft else bad


if __name__ == "__main__":
    sys.exit(main())
