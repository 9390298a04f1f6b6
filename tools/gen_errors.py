#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""gen_errors.py abi/native/errors.tbl OUT.h|OUT.md

Lines of the table: NAME number "sentence".  The header defines each name and,
where the macro ERROR(name, number, text) is defined at its inclusion, expands
it once for each line; it may be included many times.
"""
import sys

from gen_common import die, header, md_header, rows, write


def read(path):
    errors, names, numbers = [], set(), set()
    for number, fields, _ in rows(path):
        if len(fields) != 3 or not fields[2].startswith('"'):
            die(path, number, 'expected: NAME number "sentence"')
        name, value, text = fields[0], int(fields[1]), fields[2]
        if name in names or value in numbers:
            die(path, number, "%s or %d is there already" % (name, value))
        names.add(name)
        numbers.add(value)
        errors.append((name, value, text))
    return errors


def c_text(path, errors):
    out = [header(path, __file__), "#ifndef GEN_ERRORS_H",
           "#define GEN_ERRORS_H", ""]
    for name, value, text in errors:
        out.append("#define %s %d /* %s */" % (name, value, text.strip('"')))
    out += ["", "#define ERRORS_MAX %d" % max(e[1] for e in errors), "",
            "#endif", "", "#ifdef ERROR"]
    out += ["ERROR(%s, %d, %s)" % e for e in errors]
    return "\n".join(out + ["#endif", ""])


def md_text(path, errors):
    out = ["| name | number | meaning |", "|---|--:|---|"]
    out += ["| %s | %d | %s |" % (n, v, t.strip('"')) for n, v, t in errors]
    return (md_header("Errors", path, __file__) + "\n".join(out) + "\n")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    path, out = sys.argv[1:]
    errors = read(path)
    write(out, (md_text if out.endswith(".md") else c_text)(path, errors))


if __name__ == "__main__":
    main()
