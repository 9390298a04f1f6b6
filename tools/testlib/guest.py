# SPDX-License-Identifier: MIT
"""User programs on Pando: guest tests, differential tests, storms."""
import concurrent.futures
import os
import re
import tempfile

from taplib import Tap

from . import FLAVOURS, JOBS, OUT, TOP, command, make, pando

BATCH = 24
SECONDS_EACH = 10
BEGIN, END = b"#BEGIN ", b"#END "
TOTAL = re.compile(r"^(\d+) passed, (\d+) failed", re.M)


def programs(report, folder):
    """Built tests of out/guest/WORLD or out/storm, [(name, path)]."""
    found = []
    for base, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = os.path.join(base, name)
            if os.access(path, os.X_OK) and "." not in name and \
                    report.wants(name):
                found.append((os.path.relpath(path, OUT), path))
    return found


def script(tests):
    lines = []
    for name, _ in tests:
        lines += ["echo '%s%s'" % (BEGIN.decode(), name),
                  "cd /tmp; /t/%s </dev/null 2>&1" % name,
                  "echo \"%s$?\"" % END.decode()]
    return "\n".join(lines) + "\n"


def parse(out):
    """{name: (text, status or None)} of the programs that began."""
    results, name, text = {}, None, []
    for line in out.split(b"\n"):
        if line.startswith(BEGIN):
            name, text = line[len(BEGIN):].decode(), []
            results[name] = ("", None)
        elif line.startswith(END) and name is not None:
            results[name] = (b"\n".join(text).decode(errors="replace"),
                             int(line[len(END):] or 1))
            name = None
        elif name is not None:
            text.append(line)
    if name is not None:
        results[name] = (b"\n".join(text).decode(errors="replace"), None)
    return results


def boot(tests, options, seconds):
    """One boot; {name: Tap} of what began in it.  The first program that did
    not end gets the blame for the boot's end."""
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as f:
        f.write(script(tests))
        f.flush()
        adds = ["--add", f.name + ":/t/run.sh"]
        for name, path in tests:
            adds += ["--add", "%s:/t/%s" % (path, name)]
        status, out, err = pando(options + adds, ["/bin/sh", "/t/run.sh"],
                                 timeout=30 + seconds * len(tests))
    taps = {}
    for name, (text, ended) in parse(out).items():
        if ended is None:
            text += "\n" + err.decode(errors="replace")
            ended = "none: the boot ended with %s" % status
        taps[name] = Tap(name, text, ended)
    if not taps:
        name = tests[0][0]
        taps[name] = Tap(name, "no program began\n" +
                         err.decode(errors="replace"), status)
    return taps


def batch(tests, options, seconds):
    """Boots until each test of the batch has had its turn."""
    taps = {}
    left = list(tests)
    while left:
        taps.update(boot(left, options, seconds))
        left = [t for t in left if t[0] not in taps]
    return taps


def run_all(report, tests, options, label, seconds=SECONDS_EACH):
    groups = [tests[i:i + BATCH] for i in range(0, len(tests), BATCH)]
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for taps in pool.map(lambda g: batch(g, options, seconds), groups):
            for name in sorted(taps):
                report.tap("%s [%s]" % (name, label), taps[name])


def run(report):
    status, text = make("-k", "user", "guest-tests")
    if status != 0:
        report.fail("guest/build", text)
    tests = programs(report, os.path.join(OUT, "guest"))
    for flavour in FLAVOURS:
        status, text = make("kernel", "FLAVOUR=" + flavour)
        if status != 0:
            report.fail("guest/%s does not build" % flavour, text)
            continue
        run_all(report, tests, ["--flavour", flavour], flavour)


def diff(report):
    """The runner of tests/diff counts for itself; its last line tells."""
    for flavour in FLAVOURS[:2]:
        name = "diff/" + flavour
        status, text = command(
            ["tests/diff/run.py", "--flavour", flavour] +
            ([report.only] if report.only else []), timeout=900)
        total = TOTAL.findall(text)
        if not total:
            report.fail(name, text + "\n(status %s, no count)" % status)
            continue
        passed, failed = map(int, total[-1])
        if passed:
            report.ok(name, passed)
        if failed or status != 0:
            report.fail(name, text, max(failed, 1))


def storm(report):
    """tests/stress: programs and scripts that take their time."""
    status, text = make("-k", "user", "storm-tests")
    if status != 0:
        report.fail("storm/build", text)
    tests = programs(report, os.path.join(OUT, "stress"))
    for flavour in FLAVOURS:
        run_all(report, tests, ["--flavour", flavour], flavour, 300)


def fuzz(report):
    if not os.path.isdir(os.path.join(TOP, "tests/fuzz")):
        return
    status, text = command(["tools/fuzz.sh"], timeout=3600)
    report.tap("fuzz", Tap("fuzz", text, status))
