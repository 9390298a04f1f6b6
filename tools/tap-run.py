#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Run test programs that print TAP, show what failed, count the points.

The last line is exactly 'N passed, N failed'; the status is 0 only when
something passed and nothing failed.
"""
import argparse
import concurrent.futures
import os
import subprocess
import sys

from taplib import Tap


def run(program, timeout):
    name = os.path.relpath(program)
    try:
        done = subprocess.run([program], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=timeout)
        text, status = done.stdout, done.returncode
    except subprocess.TimeoutExpired as e:
        text, status = e.stdout or b"", "timeout"
    return Tap(name, text.decode(errors="replace"), status)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=
                                 argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--only", default="", help="programs whose name has this")
    ap.add_argument("--timeout", type=float, default=120)
    ap.add_argument("-j", type=int, default=os.cpu_count() or 1)
    ap.add_argument("program", nargs="*")
    args = ap.parse_args()
    programs = [p for p in args.program if args.only in p]
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
        for tap in pool.map(lambda p: run(p, args.timeout), programs):
            passed += tap.passed
            failed += tap.failed
            tap.report(sys.stdout)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(0 if failed == 0 and passed > 0 else 1)


if __name__ == "__main__":
    main()
