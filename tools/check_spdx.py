#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""check_spdx.py: each source file says its licence once, near its top."""
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
SUFFIXES = (".c", ".h", ".S", ".ld", ".def", ".tbl", ".py", ".sh", ".mk",
            ".pml", ".pmlh")
NAMES = ("Makefile", "pando", "run")
MARK = "SPDX-License-" + "Identifier:"


def main():
    try:
        out = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard"], cwd=TOP,
            check=True, stdout=subprocess.PIPE, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        print("cannot list the files: no git here")
        return 1
    bad = 0
    for path in sorted(out.splitlines()):
        base = os.path.basename(path)
        full = os.path.join(TOP, path)
        if not (base.endswith(SUFFIXES) or base in NAMES) or \
                not os.path.isfile(full):
            continue
        with open(full, encoding="utf-8", errors="replace") as f:
            lines = f.read().split("\n")
        marks = [i for i, line in enumerate(lines) if MARK in line]
        marks = [i for i in marks if '"' not in lines[i]]
        if not marks or marks[0] > 2 or "MIT" not in lines[marks[0]]:
            print("%s: no SPDX line at its top" % path)
            bad = 1
        elif len(marks) > 1 and marks[1] < 10:
            print("%s: two SPDX lines" % path)
            bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main())
