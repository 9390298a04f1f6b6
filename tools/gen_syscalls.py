#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""gen_syscalls.py abi/WORLD/syscalls.tbl... OUT.h|OUT.md

Lines of the table: number name handler nargs  # comment.  A handler of "-"
is a call that is known and not there.  With PREFIX LINUX or NATIVE, after
the folder of the table, the header defines PREFIX_NR_name, PREFIX_NR_MAX,
and expands, where they are defined at its inclusion,
  PREFIX_SYSCALL(nr, name, handler, nargs)    for each call with a handler
  PREFIX_SYSCALL_MISSING(nr, name, nargs)     for each other line
It may be included many times.
"""
import os
import sys

from gen_common import die, header, md_header, rows, write


def read(path):
    calls, seen = [], {}
    for number, fields, comment in rows(path):
        if len(fields) != 4:
            die(path, number, "expected: number name handler nargs")
        try:
            nr, nargs = int(fields[0], 0), int(fields[3])
        except ValueError:
            die(path, number, "number and nargs must be numbers")
        if nr in seen or fields[1] in seen.values():
            die(path, number, "%d or %s is there already" % (nr, fields[1]))
        if not 0 <= nargs <= 6:
            die(path, number, "a call has 0 to 6 arguments")
        seen[nr] = fields[1]
        calls.append((nr, fields[1], fields[2], nargs, comment))
    return sorted(calls)


def prefix_of(path):
    return os.path.basename(os.path.dirname(path)).upper()


def c_text(path, calls):
    p = prefix_of(path)
    out = [header(path, __file__), "#ifndef GEN_%s_SYSCALLS_H" % p,
           "#define GEN_%s_SYSCALLS_H" % p, ""]
    out += ["#define %s_NR_%s %d" % (p, c[1], c[0]) for c in calls]
    out += ["", "#define %s_NR_MAX %d" % (p, calls[-1][0] if calls else 0),
            "", "#endif", "", "#ifdef %s_SYSCALL" % p]
    out += ["%s_SYSCALL(%d, %s, %s, %d)" % ((p,) + c[:4])
            for c in calls if c[2] != "-"]
    out += ["#endif", "", "#ifdef %s_SYSCALL_MISSING" % p]
    out += ["%s_SYSCALL_MISSING(%d, %s, %d)" % (p, c[0], c[1], c[3])
            for c in calls if c[2] == "-"]
    return "\n".join(out + ["#endif", ""])


def md_text(paths):
    out = [md_header("System calls", "`, `".join(paths), __file__)]
    for path in paths:
        calls = read(path)
        done = [c for c in calls if c[2] != "-"]
        out.append("## %s\n\n%d of %d calls of the table work.\n\n"
                   % (prefix_of(path).capitalize(), len(done), len(calls)))
        out.append("| number | call | arguments | handler | note |\n"
                   "|--:|---|--:|---|---|\n")
        for nr, name, handler, nargs, comment in calls:
            handler = "not there: -ENOSYS" if handler == "-" else handler
            out.append("| %d | %s | %d | %s | %s |\n" %
                       (nr, name, nargs, handler, comment))
        out.append("\n")
    return "".join(out).rstrip("\n") + "\n"


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    paths, out = sys.argv[1:-1], sys.argv[-1]
    if out.endswith(".md"):
        write(out, md_text(paths))
    else:
        write(out, c_text(paths[0], read(paths[0])))


if __name__ == "__main__":
    main()
