#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Differential tests: the same static program, or the same script for the
same busybox, on the host's Linux and on Pando; output and status compared
byte for byte.

  tests/diff/run.py [--only NAME]... [--smp N] [--flavour F] [--host-only]

Cases are tests/diff/cases/NAME.c and tests/diff/scripts/NAME.sh (called
sh-NAME).  Known differences are in xfail.txt: "NAME: REASON: OWNER".  What
each side printed is kept in out/diff/linux/NAME and out/diff/pando/NAME.
Runs as root, since many cases change users.
"""
import argparse
import concurrent.futures
import difflib
import fnmatch
import glob
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
OUT = os.path.join(TOP, "out", "diff")
BIN = os.path.join(OUT, "bin")
GUEST_STAGE = "/diff"
GUEST_SCRATCH = "/tmp/d"
RUNNER = "diffrun"
CC = ["musl-gcc", "-static", "-O2", "-Wall", "-Wextra", "-Werror",
      "-I" + HERE]
TIMED_OUT = 124
HOST_SECONDS = 20
BATCH = 48
DIFF_LINES = 40

# In a mount name space of its own: a fresh tmpfs, which is what the root
# file system of Pando resembles most, with the programs copied into it.
HOST_SCRIPT = """
mount -t tmpfs -o mode=755 diff "$0" && cp -r "$1" "$0/stage" || exit 111
cd "$0" && shift && exec "$@"
"""


def arguments():
    ap = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ap.add_argument("names", nargs="*", metavar="NAME",
                    help="the same as --only NAME")
    ap.add_argument("--only", action="append", default=[], metavar="NAME",
                    help="run these cases; * and ? allowed")
    ap.add_argument("--smp", type=int, default=1, metavar="N")
    ap.add_argument("--flavour", default="release", metavar="F")
    ap.add_argument("--host-only", action="store_true",
                    help="check that two runs on Linux agree")
    ap.add_argument("--timeout", type=int, default=300, metavar="S",
                    help="for one boot (300)")
    ap.add_argument("--seconds", type=int, default=30, metavar="S",
                    help="for one case on Pando (30)")
    ap.add_argument("--jobs", type=int, default=2, metavar="N",
                    help="boots at the same time (2)")
    ap.add_argument("--all-in-one", action="store_true",
                    help="one boot for all cases")
    return ap.parse_args()


def wanted(name, patterns):
    short = name[3:] if name.startswith("sh-") else name
    return not patterns or any(fnmatch.fnmatch(n, p)
                               for n in (name, short) for p in patterns)


def find_cases(patterns):
    """{name: source} in the order in which they run."""
    found = {}
    for path in sorted(glob.glob(os.path.join(HERE, "cases", "*.c"))):
        found[os.path.basename(path)[:-2]] = path
    for path in sorted(glob.glob(os.path.join(HERE, "scripts", "*.sh"))):
        found["sh-" + os.path.basename(path)[:-3]] = path
    return {n: p for n, p in found.items() if wanted(n, patterns)}


def read_xfail():
    """{name: "reason (owner)"}."""
    known = {}
    with open(os.path.join(HERE, "xfail.txt"), encoding="utf-8") as f:
        for line in f:
            line = line.split("#")[0].strip()
            if line:
                name, _, rest = line.partition(":")
                reason, _, owner = rest.rpartition(":")
                known[name.strip()] = "%s (%s)" % (reason.strip(),
                                                   owner.strip())
    return known


# Building ------------------------------------------------------------------

def stage_name(name, source):
    return name + (".sh" if source.endswith(".sh") else "")


def build_one(name, source):
    """None, or the compiler's complaint."""
    target = os.path.join(BIN, name)
    if source.endswith(".sh"):
        return None
    newest = max(os.stat(p).st_mtime for p in
                 (source, os.path.join(HERE, "diff.h"), __file__))
    if os.path.exists(target) and os.stat(target).st_mtime > newest:
        return None
    new = "%s.%d" % (target, os.getpid())
    done = subprocess.run(CC + ["-o", new, source],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        return done.stdout.decode(errors="replace")
    os.chmod(new, 0o755)
    os.replace(new, target)
    return None


def build(cases):
    """{name: complaint} of those that do not build."""
    os.makedirs(BIN, exist_ok=True)
    todo = dict(cases)
    todo[RUNNER] = os.path.join(HERE, "runner.c")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        said = dict(zip(todo, pool.map(lambda i: build_one(*i),
                                       todo.items())))
    bad = {n: text for n, text in said.items() if text is not None}
    if RUNNER in bad:
        sys.exit(bad[RUNNER])
    return bad


def stage(names, cases, folder):
    """A folder with what these cases need and nothing else."""
    os.mkdir(folder, 0o755)
    shutil.copy(os.path.join(BIN, RUNNER), folder)
    for name in names:
        source = cases[name]
        target = os.path.join(folder, stage_name(name, source))
        if source.endswith(".sh"):
            shutil.copyfile(source, target)
            os.chmod(target, 0o644)
        else:
            shutil.copy(os.path.join(BIN, name), target)
    return folder


# Running -------------------------------------------------------------------

def parse(data):
    """What diffrun wrote: ({name: (output, status)}, the one that began and
    did not end, whether the last line came)."""
    results, begun, at = {}, None, 0
    while True:
        end = data.find(b"\n", at)
        if end == -1:
            return results, begun, False
        words = data[at:end].decode(errors="replace").split(" ", 3)
        at = end + 1
        if words[0] == "@>" and len(words) == 2:
            begun = words[1]
        elif words[0] == "@@" and len(words) == 4 and words[2].isdigit():
            size = int(words[2])
            if at + size >= len(data):
                return results, begun, False
            results[words[1]] = (data[at:at + size], words[3])
            at += size + 1
            begun = None
        elif words[0] == "@.":
            return results, begun, True
        # Anything else is not ours: skip the line.


def list_lines(names, cases, folder):
    return ["%s=%s/%s" % (n, folder, stage_name(n, cases[n])) for n in names]


def run_on_host(names, cases):
    with tempfile.TemporaryDirectory(prefix="pando-diff.") as temp:
        os.chmod(temp, 0o755)
        root = os.path.join(temp, "root")
        os.mkdir(root, 0o755)
        there = root + "/stage"
        command = [there + "/" + RUNNER, root + "/d", str(HOST_SECONDS)]
        command += list_lines(names, cases, there)
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", HOST_SCRIPT, root,
             stage(names, cases, os.path.join(temp, "stage"))] + command,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={"PATH": os.environ["PATH"]})
    results, begun, complete = parse(done.stdout)
    if not complete:
        sys.exit("tests/diff: the run on Linux broke off%s\n%s" % (
            " in " + begun if begun else "",
            done.stderr.decode(errors="replace")))
    return results


def boot(names, cases, args):
    """One machine: (results, the one that did not end, status, stderr)."""
    with tempfile.TemporaryDirectory(prefix="pando-diff.") as temp:
        listing = os.path.join(temp, "list")
        with open(listing, "w", encoding="utf-8") as f:
            f.write("\n".join(list_lines(names, cases, GUEST_STAGE)) + "\n")
        files = stage(names, cases, os.path.join(temp, "stage"))
        out, err = os.path.join(temp, "out"), os.path.join(temp, "err")
        command = [os.path.join(TOP, "tools", "pando"), "run",
                   "--timeout", str(args.timeout), "--smp", str(args.smp),
                   "--flavour", args.flavour,
                   "--add", files + ":" + GUEST_STAGE,
                   "--add", listing + ":/diff.list", "--",
                   GUEST_STAGE + "/" + RUNNER, GUEST_SCRATCH,
                   str(args.seconds), "@/diff.list"]
        with open(out, "wb") as o, open(err, "wb") as e:
            status = subprocess.call(command, stdin=subprocess.DEVNULL,
                                     stdout=o, stderr=e)
        with open(out, "rb") as o, open(err, "rb") as e:
            results, begun, _ = parse(o.read())
            return results, begun, status, e.read().decode(errors="replace")


def run_on_pando(names, cases, args):
    """All of them, in as many boots as it takes.  Who was running when a
    machine died is to blame; when only the time was up, it gets a second
    try as the first of its boot."""
    results, left = {}, list(names)
    while left:
        got, begun, status, err = boot(left, cases, args)
        results.update(got)
        first, last = left[0], left[-1]
        left = [n for n in left if n not in got]
        if not left:
            if status != 0:
                results[last] = (None, "all cases ran, then the machine "
                                 "ended with status %d\n%s" %
                                 (status, err[-6000:]))
            break
        guilty = begun if begun in left else left[0]
        if status == TIMED_OUT and guilty != first and got:
            left.remove(guilty)
            left.insert(0, guilty)
            continue
        what = "the boot timed out" if status == TIMED_OUT else \
            "the machine ended with status %d" % status
        results[guilty] = (None, "%s\n%s" % (what, err[-6000:]))
        left.remove(guilty)
        if not got and begun is None:
            # Nothing ran at all: no use in trying each of them.
            for name in left:
                results[name] = (None, what + " before the first case")
            break
    return results


def pando_results(names, cases, args):
    if args.all_in_one:
        groups = [names]
    else:
        groups = [names[i:i + BATCH] for i in range(0, len(names), BATCH)]
    results = {}
    with concurrent.futures.ThreadPoolExecutor(max(1, args.jobs)) as pool:
        for part in pool.map(lambda g: run_on_pando(g, cases, args), groups):
            results.update(part)
    return results


# Telling -------------------------------------------------------------------

def as_text(result):
    output, status = result
    if output is None:
        return ["[%s]" % line for line in status.splitlines()]
    text = output.decode(errors="backslashreplace")
    return text.split("\n") + ["[%s]" % status]


def keep(side, results):
    folder = os.path.join(OUT, side)
    os.makedirs(folder, exist_ok=True)
    for name, result in results.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write("\n".join(as_text(result)) + "\n")


def difference(want, got, sides):
    lines = list(difflib.unified_diff(as_text(want), as_text(got), *sides,
                                      lineterm="", n=2))
    more = len(lines) - DIFF_LINES
    lines = lines[:DIFF_LINES]
    if more > 0:
        lines.append("... %d more lines" % more)
    return lines


def tell(number, name, want, got, known, sides):
    """Prints one TAP point; True when it is as expected."""
    if got is not None and want == got:
        print("ok %d - diff/%s" % (number, name))
        if name in known:
            print("# diff/%s agrees now: take it out of xfail.txt" % name)
        return True
    todo = " # TODO " + known[name] if name in known else ""
    print("not ok %d - diff/%s%s" % (number, name, todo))
    if got is None or got[0] is None:
        lines = (got[1] if got else "did not run").splitlines()[:DIFF_LINES]
    else:
        lines = difference(want, got, sides)
    for line in lines:
        print("#   " + line)
    return name in known


def main():
    args = arguments()
    cases = find_cases(args.only + args.names)
    if os.geteuid() != 0:
        sys.exit("tests/diff: must be root: cases change users")
    known = {} if args.host_only else read_xfail()
    complaints = build(cases)
    names = [n for n in cases if n not in complaints]
    print("1..%d" % len(cases), flush=True)
    linux = run_on_host(names, cases) if names else {}
    keep("linux", linux)
    if args.host_only:
        other = run_on_host(names, cases) if names else {}
        sides = ("first", "second")
    else:
        other = pando_results(names, cases, args) if names else {}
        keep("pando", other)
        sides = ("linux", "pando")
    failed = 0
    for number, name in enumerate(cases, 1):
        if name in complaints:
            print("not ok %d - diff/%s does not build" % (number, name))
            print("#   " + complaints[name].replace("\n", "\n#   "))
            failed += 1
        elif not tell(number, name, linux[name], other.get(name), known,
                      sides):
            failed += 1
    print("%d passed, %d failed" % (len(cases) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
