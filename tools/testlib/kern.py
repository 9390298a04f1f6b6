# SPDX-License-Identifier: MIT
"""Tests inside the booted kernel, in every flavour, by both compilers."""
from taplib import Tap

from . import FLAVOURS, make, pando

KERNELS = [(f, ["FLAVOUR=" + f]) for f in FLAVOURS] + \
    [(f + "-clang", ["FLAVOUR=" + f, "CC=clang"]) for f in FLAVOURS[:2]]


def run(report):
    word = "ktest" + ("=" + report.only if report.only else "")
    for flavour, variables in KERNELS:
        status, text = make("kernel", "user", *variables)
        if status != 0:
            report.fail("kern/%s does not build" % flavour, text)
            continue
        status, out, err = pando(["--flavour", flavour, "--append", word],
                                 timeout=240)
        text = out.decode(errors="replace") + err.decode(errors="replace")
        if report.only and status == 0 and "1..0" in text:
            continue
        name = "kern/" + flavour
        report.tap(name, Tap(name, text, status))
