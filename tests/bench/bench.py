#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Guest instructions per operation: lbench on Pando under icount, beside
Linux 6.1 in the same QEMU (mitigations=off, its fastest setting) and the
goals of goals.tbl.  It only prints; no number makes it fail.

  tests/bench/bench.py [ITEM|GROUP|PREFIX*]...

Items are those of `lbench -l`; none means all that goals.tbl says work now.
The raw output is kept in out/bench/lbench.txt.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
OUT = os.path.join(TOP, "out", "bench")
LBENCH = os.path.join(OUT, "lbench")
ROW = re.compile(r"^(\w+) (-?[\d.]+) (insn|ratio|bytes|ticks|ns)\b(.*)$")
FAILED = re.compile(r"^(\w+) (E[A-Z0-9]+|SIG\d+|TIMEOUT|SKIP)\b(.*)$")


def arguments():
    ap = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ap.add_argument("items", nargs="*", metavar="ITEM")
    ap.add_argument("--flavour", default="release", metavar="F")
    ap.add_argument("--quick", action="store_true",
                    help="a tenth of the operations, three batches")
    ap.add_argument("--all", action="store_true",
                    help="every row of goals.tbl, working or not")
    ap.add_argument("--default", action="store_true",
                    help="beside Linux with its default mitigations")
    ap.add_argument("--timeout", type=int, default=900, metavar="S",
                    help="for one boot (900)")
    ap.add_argument("--mem", default="2G", metavar="M")
    return ap.parse_args()


def read_goals():
    """{row: (item, needs, goal, reach or None)} in the table's order."""
    goals = {}
    with open(os.path.join(HERE, "goals.tbl"), encoding="utf-8") as f:
        for line in f:
            words = line.split("#")[0].split()
            if words:
                row, item, needs, goal, reach = words
                goals[row] = (item, needs, float(goal),
                              None if reach == "-" else float(reach))
    return goals


def read_rows(text):
    """{row: value} and {row: why not} of what lbench printed."""
    values, failures = {}, {}
    for line in text.splitlines():
        match = ROW.match(line)
        if match:
            values[match.group(1)] = float(match.group(2))
            continue
        match = FAILED.match(line)
        if match:
            failures[match.group(1)] = (match.group(2) +
                                        match.group(3)).strip()
    return values, failures


def build():
    source = os.path.join(HERE, "lbench.c")
    os.makedirs(OUT, exist_ok=True)
    if os.path.exists(LBENCH) and \
            os.stat(LBENCH).st_mtime > os.stat(source).st_mtime:
        return
    subprocess.run(["musl-gcc", "-O2", "-static", "-o", LBENCH, source],
                   check=True)


def expand(patterns):
    """Names of items, as lbench itself understands the patterns."""
    text = subprocess.run([LBENCH, "-l"] + patterns, check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    names = [line.split()[0] for line in text.splitlines() if line]
    if not names:
        sys.exit("bench: no such item; see %s -l" %
                 os.path.relpath(LBENCH))
    return names


def boot(items, args):
    """One machine that measures the items: (output, status, stderr)."""
    command = [os.path.join(TOP, "tools", "pando"), "run", "--icount",
               "--mem", args.mem, "--timeout", str(args.timeout),
               "--flavour", args.flavour, "--add", LBENCH + ":/lbench",
               "--", "/lbench", "-v"] + (["-q"] if args.quick else [])
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        status = subprocess.call(command + items, stdin=subprocess.DEVNULL,
                                 stdout=out, stderr=err)
        out.seek(0)
        err.seek(0)
        return (out.read().decode(errors="replace"), status,
                err.read().decode(errors="replace"))


def measure(items, args):
    """All items; one that ends its machine is named, and the rest goes on
    in another."""
    text, deaths, left = "", {}, list(items)
    while left:
        out, status, err = boot(left, args)
        text += out
        if status == 0:
            break
        values, failures = read_rows(out)
        done = [i for i, name in enumerate(left)
                if name in values or name in failures]
        guilty = done[-1] + 1 if done else 0
        what = "timed out" if status == 124 else "status %d" % status
        if guilty < len(left):
            deaths[left[guilty]] = "the machine ended: " + what
        sys.stderr.write("bench: %s ended its machine (%s)\n%s\n" % (
            left[guilty] if guilty < len(left) else "the last item", what,
            err[-3000:]))
        if not out.strip() and guilty == 0:
            break
        left = left[guilty + 1:]
    return text, deaths


def number(value):
    if value is None:
        return "-"
    return "{:,.0f}".format(value) if value >= 100 else "%.3g" % value


def mark(value, goal, reach):
    if goal is not None and value <= goal:
        return "goal"
    if reach is not None:
        return "reached" if value <= reach else "missed"
    return ""


def table(values, failures, goals, linux, comparable):
    form = "%-34s %11s %11s %7s %9s %9s  %s"
    print(form % ("row", "Pando", "Linux 6.1", "ratio", "goal", "issue 1",
                  ""))
    order = [r for r in goals if r in values or r in failures]
    order += [r for r in values if r not in goals and
              not r.startswith("calib")]
    order += [r for r in failures if r not in goals]
    for row in order:
        _, _, goal, reach = goals.get(row, (None, None, None, None))
        other = linux.get(row)
        if row not in values:
            print(form % (row, "-", number(other), "-", number(goal),
                          number(reach), failures[row]))
            continue
        value = values[row]
        ratio = "%.2f" % (value / other) if other else "-"
        print(form % (row, number(value), number(other), ratio, number(goal),
                      number(reach),
                      mark(value, goal, reach) if comparable else ""))


def main():
    args = arguments()
    goals = read_goals()
    build()
    wanted = args.items
    if not wanted:
        wanted = [item for item, needs, _, _ in goals.values()
                  if args.all or needs == "now"]
    items = expand(wanted)
    text, deaths = measure(items, args)
    with open(os.path.join(OUT, "lbench.txt"), "w", encoding="utf-8") as f:
        f.write(text)
    values, failures = read_rows(text)
    failures.update(deaths)
    name = "linux61_%s.txt" % ("default" if args.default else "off")
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        linux, _ = read_rows(f.read())
    head = [line for line in text.splitlines()
            if line.startswith("# lbench")]
    print("\n".join(head[:1]))
    comparable = bool(head) and " unit=insn " in head[0]
    if values and not comparable:
        print("# the unit is not the instruction: no use in comparing")
    table(values, failures, goals, linux, comparable)
    return 0 if values else 1


if __name__ == "__main__":
    sys.exit(main())
