# SPDX-License-Identifier: MIT
"""The parts of tools/run_tests.py."""
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.realpath(__file__))))
OUT = os.path.join(TOP, "out")
FLAVOURS = ("release", "debug", "kasan")
PANDO = os.path.join(TOP, "tools/pando")
JOBS = os.cpu_count() or 1


class Report:
    """Counts points and prints a line for each group of them."""

    def __init__(self, only=""):
        self.only = only
        self.passed = self.failed = 0

    def wants(self, name):
        return self.only in name

    def ok(self, name, points=1, note=""):
        self.passed += points
        self.line("ok  ", name, note or ("%d" % points if points != 1 else ""))

    def fail(self, name, detail="", points=1):
        self.failed += points
        self.line("FAIL", name)
        for line in tail(detail):
            print("     | " + line, flush=True)

    def point(self, name, good, detail=""):
        if good:
            self.ok(name)
        else:
            self.fail(name, detail)
        return good

    def tap(self, name, tap):
        """A program's points, failures shown with its last output."""
        self.passed += tap.passed
        if tap.failed == 0:
            self.line("ok  ", name, "%d" % tap.passed)
        else:
            self.fail(name, "; ".join(tap.problems) + "\n" + tap.text,
                      tap.failed)

    @staticmethod
    def line(mark, name, note=""):
        print("%s %s%s" % (mark, name, ": " + note if note else ""),
              flush=True)


def tail(text, most=40):
    lines = text.splitlines()
    if len(lines) <= most:
        return lines
    return lines[:8] + ["..."] + lines[-(most - 9):]


def command(args, timeout=600, stdin=b"", env=None):
    """(status, output with errors) of a command in the source tree; the
    status is "timeout" when it had to be killed."""
    full = dict(os.environ, **env) if env else None
    try:
        done = subprocess.run(args, cwd=TOP, input=stdin, timeout=timeout,
                              stdout=subprocess.PIPE, env=full,
                              stderr=subprocess.STDOUT, check=False)
    except subprocess.TimeoutExpired as e:
        return "timeout", (e.stdout or b"").decode(errors="replace")
    except OSError as e:
        return 127, str(e)
    return done.returncode, done.stdout.decode(errors="replace")


def make(*args, timeout=1200):
    return command(["make", "-s", "-j%d" % JOBS, "-Otarget", "--no-print-directory"]
                   + list(args), timeout)


def pando(options, job=None, stdin=b"", timeout=60):
    """(status, stdout, stderr) of tools/pando run."""
    args = [PANDO, "run", "--timeout", str(timeout)] + list(options)
    if job is not None:
        args += ["--"] + list(job)
    try:
        done = subprocess.run(args, cwd=TOP, input=stdin, check=False,
                              timeout=timeout + 30, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
    except subprocess.TimeoutExpired:
        return "timeout", b"", b"tools/pando did not end\n"
    return done.returncode, done.stdout, done.stderr


sys.path.insert(0, os.path.join(TOP, "tools"))
