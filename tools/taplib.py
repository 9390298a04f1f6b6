# SPDX-License-Identifier: MIT
"""Reading the Test Anything Protocol."""
import re

POINT = re.compile(r"^(not )?ok\b\s*(\d+)?\s*-?\s*(.*?)\s*(#\s*SKIP.*)?$",
                   re.I)
PLAN = re.compile(r"^1\.\.(\d+)\s*$")


class Tap:
    """The points of one program, with what else went wrong counted."""

    def __init__(self, name, text, status=0):
        self.name, self.text, self.status = name, text, status
        self.passed = self.failed = self.skipped = 0
        self.plan = None
        self.problems = []
        for line in text.splitlines():
            self.line(line.rstrip("\r"))
        self.finish()

    def line(self, line):
        plan = PLAN.match(line)
        if plan:
            self.plan = int(plan.group(1))
            return
        point = POINT.match(line)
        if not point:
            return
        if point.group(1):
            self.failed += 1
            self.problems.append("not ok: " + point.group(3))
        elif point.group(4):
            self.skipped += 1
        else:
            self.passed += 1

    def finish(self):
        """A missing point or a bad end is a failure too."""
        seen = self.passed + self.failed + self.skipped
        if self.plan is None:
            self.problem("printed no plan")
        elif seen != self.plan:
            self.problem("planned %d points, printed %d" % (self.plan, seen))
        if self.status != 0 and self.failed == 0:
            self.problem("ended with status %s" % self.status)

    def problem(self, what):
        self.failed += 1
        self.problems.append(what)

    def report(self, out):
        if self.failed == 0:
            out.write("ok   %s: %d\n" % (self.name, self.passed))
            return
        out.write("FAIL %s: %s\n" % (self.name, "; ".join(self.problems)))
        for line in self.text.splitlines()[-60:]:
            out.write("    " + line + "\n")
