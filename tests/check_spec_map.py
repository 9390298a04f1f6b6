#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""check_spec_map.py: every test that tests/spec-map.md names is there."""
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
KINDS = r"(guest|stress|kern|host|model|fuzz|diff)/"
STAGES = ("smoke", "tools", "check")


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        return f.read()


def file_of(name):
    if name.startswith("diff/"):
        if name.endswith(".sh"):
            return "tests/diff/scripts/" + name[5:]
        return "tests/diff/cases/" + name[5:] + ".c"
    return "tests/" + name + (".pml" if name.startswith("model/") else ".c")


def problem(name, stages):
    """Why @name names no test, or None."""
    base, _, point = name.partition(":")
    if base in STAGES:
        return None if point in stages else "no such point"
    if not re.match(KINDS, base):
        return None
    path = file_of(base)
    if not os.path.exists(os.path.join(TOP, path)):
        return "no " + path
    return None if point in read(path) else "no such test in " + path


def main():
    stages = read("tools/testlib/smoke.py")
    rows = [line for line in read("tests/spec-map.md").split("\n")
            if line.startswith("|")]
    bad = 0
    for row in rows:
        names = re.findall(r"`([^`]+)`", row)
        if "---" not in row and "| tests |" not in row and \
                not any(re.match(KINDS, n) or n.split(":")[0] in STAGES
                        for n in names):
            print("no test in: " + row)
            bad = 1
        for name in names:
            why = problem(name, stages)
            if why:
                print("%s: %s" % (name, why))
                bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main())
