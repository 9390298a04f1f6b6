# SPDX-License-Identifier: MIT
"""Promela models: each must hold, and its -DBUG variant must not."""
import concurrent.futures
import glob
import os
import re
import shutil

from . import JOBS, OUT, TOP, command, make

ERRORS = re.compile(r"errors:\s*(\d+)")
FLAGS = re.compile(r"spin-flags:\s*([^*\n]*)")


def search(path, extra):
    """(number of errors or None, output); a comment `spin-flags: ...` in the
    model adds flags of the search."""
    name = os.path.splitext(os.path.basename(path))[0]
    folder = os.path.join(OUT, "model", name + "".join(extra))
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for source in [path] + glob.glob(os.path.join(OUT, "gen/model/*.pmlh")) \
            + glob.glob(os.path.join(TOP, "tests/model/*.pmlh")):
        shutil.copy(source, folder)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    flags = FLAGS.search(text)
    args = ["spin"] + extra + ["-search"]
    args += ["-a"] if re.search(r"^\s*ltl\b", text, re.M) else []
    args += flags.group(1).split() if flags else []
    status, out = command(["sh", "-c", 'cd "$0" && exec "$@"', folder] + args
                          + [os.path.basename(path)], timeout=300)
    found = ERRORS.search(out)
    return (int(found.group(1)) if found and status == 0 else None), out


def run(report):
    make("gen")
    paths = sorted(glob.glob(os.path.join(TOP, "tests/model/*.pml")))
    paths = [p for p in paths if report.wants(os.path.basename(p))]
    work = [(p, extra) for p in paths for extra in ([], ["-DBUG"])]
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        results = pool.map(lambda w: search(*w), work)
        for (path, extra), (errors, out) in zip(work, results):
            name = "model/" + os.path.basename(path)[:-4]
            if extra:
                report.point(name + " with its bug fails",
                             errors is not None and errors > 0, out)
            else:
                report.point(name, errors == 0, out)
