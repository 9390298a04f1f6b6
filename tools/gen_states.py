#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""gen_states.py kernel/MODULE/X_states.def OUT.pmlh|OUT.md

Reads X_STATE(name, meaning) and X_EDGE(from, to, who) lines.  The .pmlh is
Promela: an mtype of the states and set_X_state(var, to), which asserts that
the edge is legal; the .md is the table for readers.
"""
import os
import re
import sys

from gen_common import md_header, write

CALL = re.compile(r"^(\w+)_(STATE|EDGE)\(\s*((?:\"[^\"]*\"|[^\"()])*)\)", re.M)


def strip_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def arguments(text):
    """The arguments of a call; strings without quotes, adjacent ones one."""
    out = []
    for piece in re.findall(r"(?:\"[^\"]*\"|[^,\"])+", text):
        strings = re.findall(r'"([^"]*)"', piece)
        out.append("".join(strings) if strings else piece.strip())
    return out


def read(path):
    """Kinds in order; {kind: [(name, meaning)]}; {kind: [(from, to, who)]}.
    What stands between a state's name and its meaning is not for us."""
    with open(path, encoding="utf-8") as f:
        text = strip_comments(f.read())
    kinds, states, edges = [], {}, {}
    for kind, what, rest in CALL.findall(text):
        args = arguments(rest)
        if kind not in kinds:
            kinds.append(kind)
        if what == "STATE":
            states.setdefault(kind, []).append((args[0], args[-1]))
            continue
        known = [name for name, _ in states.get(kind, [])]
        if args[0] not in known or args[1] not in known:
            sys.exit("%s: %s -> %s names an unknown state" %
                     (path, args[0], args[1]))
        edges.setdefault(kind, []).append((args[0], args[1], args[-1]))
    if not kinds:
        sys.exit("%s: no X_STATE(name, ..., \"meaning\") line" % path)
    return kinds, states, edges


def pml_text(path, kinds, states, edges):
    out = ["/* SPDX-License-Identifier: MIT */",
           "/* Made by tools/gen_states.py from %s; change that. */" % path]
    names = []
    for kind in kinds:
        names += [s for s, _ in states[kind] if s not in names]
    out += ["mtype = { %s }" % ", ".join(names), ""]
    for kind in kinds:
        legal = " ||\n\t       ".join(
            "(v == %s && to == %s)" % (a, b)
            for a, b, _ in edges.get(kind, [])) or "false"
        out += ["inline set_%s_state(v, to) {" % kind.lower(),
                "\tassert(%s);" % legal, "\tv = to", "}", ""]
    first = kinds[0].lower()
    out += ["/* The first table that is included gives the short name. */",
            "#ifndef SET_STATE", "#define SET_STATE",
            "inline set_state(v, to) { set_%s_state(v, to) }" % first,
            "#endif", ""]
    return "\n".join(out)


def md_text(path, kinds, states, edges):
    title = os.path.splitext(os.path.basename(path))[0].replace("_", " ")
    out = [md_header(title.capitalize(), path, __file__)]
    for kind in kinds:
        if len(kinds) > 1:
            out.append("## %s\n\n" % kind)
        out.append("| state | meaning |\n|---|---|\n")
        out += ["| %s | %s |\n" % s for s in states[kind]]
        out.append("\n| from | to | who may take the edge |\n|---|---|---|\n")
        out += ["| %s | %s | %s |\n" % e for e in edges.get(kind, [])]
        out.append("\n")
    return "".join(out).rstrip("\n") + "\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    path, out = sys.argv[1:]
    text = md_text if out.endswith(".md") else pml_text
    write(out, text(path, *read(path)))


if __name__ == "__main__":
    main()
