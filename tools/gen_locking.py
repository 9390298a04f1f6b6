#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""gen_locking.py kernel/sync/lock_ranks.def OUT.md: the lock order."""
import re
import sys

from gen_common import md_header, write

RANK = re.compile(r"^LOCK_RANK\(\s*(\w+)\s*,\s*(\w+)\s*,\s*([01])\s*,"
                  r'\s*((?:"[^"]*"\s*)+)', re.M)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    path, out = sys.argv[1:]
    with open(path, encoding="utf-8") as f:
        text = re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)
    ranks = [(int(v, 0), n, "yes" if irq == "1" else "",
              "".join(re.findall(r'"([^"]*)"', w)))
             for n, v, irq, w in RANK.findall(text)]
    if not ranks:
        sys.exit("%s: no LOCK_RANK(name, value, irq, \"where\") line" % path)
    body = md_header("The order of locks", path, __file__)
    body += ("A thread may take a lock only when its rank is greater than "
             "every rank that it holds.  A lock that interrupts take is held "
             "with interrupts off.\n\n| rank | name | in interrupts | where "
             "|\n|--:|---|---|---|\n")
    body += "".join("| %d | %s | %s | %s |\n" % r for r in sorted(ranks))
    write(out, body)


if __name__ == "__main__":
    main()
