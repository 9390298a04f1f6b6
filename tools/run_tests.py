#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""run_tests.py STAGE...: run stages of the tests, count every point.

Stages: check build tools kern guest diff model smoke boot tty fuzz storm, and
the sets check, test and test-long.  TEST=word in the environment keeps the
tests whose name has the word.  One line for each group; what failed is shown
below it; the last line is exactly 'N passed, N failed', and the status is 0
only when something passed and nothing failed.
"""
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from testlib import Report
from testlib import boot, check, guest, kern, models, smoke

STAGES = {
    "check": check.run,
    "build": check.build,
    "tools": smoke.tools,
    "kern": kern.run,
    "guest": guest.run,
    "diff": guest.diff,
    "model": models.run,
    "smoke": smoke.run,
    "boot": boot.run,
    "tty": boot.console,
    "fuzz": guest.fuzz,
    "storm": guest.storm,
    "smoke-long": smoke.long,
}
TEST = ["check", "build", "tools", "model", "kern", "smoke", "boot", "tty",
        "guest", "diff"]
SETS = {"test": TEST,
        "test-long": TEST + ["smoke-long", "storm", "fuzz"]}


def main():
    names = []
    for arg in sys.argv[1:]:
        names += SETS.get(arg, [arg])
    if not names or any(n not in STAGES for n in names):
        sys.stderr.write(__doc__)
        return 2
    report = Report(os.environ.get("TEST", ""))
    for name in names:
        start = time.monotonic()
        print("== %s" % name, flush=True)
        try:
            STAGES[name](report)
        except Exception as e:  # a broken stage is a failure, not the end
            report.fail(name, "the stage broke: %r" % e)
        print("== %s: %.0f s" % (name, time.monotonic() - start), flush=True)
    print("%d passed, %d failed" % (report.passed, report.failed), flush=True)
    return 0 if report.passed > 0 and report.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
