# SPDX-License-Identifier: MIT
"""Static checks, the host tests, and the builds of all flavours."""
import concurrent.futures
import os

from taplib import Tap

from . import FLAVOURS, JOBS, OUT, command, make


def clang(*targets):
    return lambda: make("CC=clang", "FLAVOUR=debug", *targets)


def script(name, *args):
    return lambda: command(["tools/" + name] + list(args), timeout=170)


QUICK = [
    ("layers", script("check_layers.py")),
    ("headers", script("check_headers.sh")),
    ("fields", script("check_fields.py")),
    ("spdx", script("check_spdx.py")),
    ("sizes", script("check_sizes.py")),
    ("format", script("check_format.sh")),
    ("text", script("check_text.sh")),
    ("docs", script("check_docs.sh")),
]
# One make at a time: they share what they build.
BUILDS = [
    ("gcc", lambda: make("kernel")),
    ("clang", clang("-k", "syntax")),
    ("user-pointers", clang("-k", "syntax-user")),
]


def run(report):
    """Quick checks side by side, then compilers, then the host tests."""
    status, text = make("gen")
    report.point("check/gen", status == 0, text)
    quick = [c for c in QUICK if report.wants(c[0])]
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        results = pool.map(lambda c: (c[0],) + c[1](), quick)
        for name, status, text in results:
            report.point("check/" + name, status == 0, text)
    for name, act in BUILDS:
        if report.wants(name):
            status, text = act()
            report.point("check/" + name, status == 0, text)
    host(report)


def host(report):
    """Each host test is a program; one that does not build is a failure."""
    status, text = make("-k", "host-tests")
    if status != 0:
        report.fail("host/build", text)
    for folder, kind in (("host", "host"), ("host-tsan", "tsan")):
        base = os.path.join(OUT, folder, "bin")
        names = sorted(os.listdir(base)) if os.path.isdir(base) else []
        paths = [os.path.join(base, n) for n in names if report.wants(n)]
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            runs = pool.map(lambda p: command([p], timeout=120), paths)
            for path, (status, text) in zip(paths, runs):
                name = kind + "/" + os.path.basename(path)
                report.tap(name, Tap(name, text, status))


def build(report):
    """Everything that is compiled, by both compilers where it may be."""
    for flavour in FLAVOURS:
        status, text = make("all", "FLAVOUR=" + flavour)
        report.point("build/" + flavour, status == 0, text)
        status, text = make("kernel", "CC=clang", "FLAVOUR=" + flavour)
        report.point("build/%s by clang" % flavour, status == 0, text)
    for target in ("guest-tests", "storm-tests", "fuzz-targets"):
        status, text = make("-k", target)
        report.point("build/" + target, status == 0, text)
