#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""gen_table.py TABLE OUT.h|OUT.md: the generator of tables without their own.

Each line becomes MACRO(field, field, ...), with MACRO the file's stem in
capitals without a final S (abi/worlds.tbl: WORLD), or what a comment line
`# macro: NAME` says.  The header is an include-many list: define MACRO,
include, undefine.  A "-" field becomes NONE.  Strings keep their quotes.
All lines must have the same number of fields.
"""
import os
import re
import sys

from gen_common import die, header, md_header, rows, write


def macro_of(path):
    with open(path, encoding="utf-8") as f:
        found = re.search(r"^#\s*macro:\s*(\w+)", f.read(), re.M)
    if found:
        return found.group(1)
    stem = os.path.splitext(os.path.basename(path))[0].upper()
    return stem[:-1] if stem.endswith("S") else stem


def read(path):
    out = []
    for number, fields, _ in rows(path):
        if out and len(fields) != len(out[0]):
            die(path, number, "has %d fields, the first line has %d"
                % (len(fields), len(out[0])))
        out.append(["NONE" if f == "-" else f for f in fields])
    return out


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    path, out = sys.argv[1:]
    table, macro = read(path), macro_of(path)
    if out.endswith(".md"):
        width = len(table[0]) if table else 1
        text = md_header(macro.capitalize() + " table", path, __file__)
        text += "|%s\n|%s\n" % (" |" * width, "---|" * width)
        text += "".join("| %s |\n" % " | ".join(f.strip('"') for f in r)
                        for r in table)
    else:
        text = header(path, __file__) + "#ifdef %s\n" % macro
        text += "".join("%s(%s)\n" % (macro, ", ".join(r)) for r in table)
        text += "#endif\n"
    write(out, text)


if __name__ == "__main__":
    main()
