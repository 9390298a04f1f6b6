#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""check_layers.py: the direction of includes, by tools/layers.txt.

1. A folder includes itself and lower folders only.
2. "x_impl.h" is private to its folder: quotes, no path.
3. arch/ implements, and reaches up only through hooks: it includes little.
4. Below sys/ nobody names __user or includes an ABI's headers of linux/;
   below sched/ there is no current.
5. No #if on CONFIG or an architecture inside a function.
"""
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
CURRENT = re.compile(r"\bcurrent(_thread|_proc)?\s*\(\)")
CONDITION = re.compile(r"^\s*#\s*(if|ifdef|ifndef|elif)\b.*"
                       r"(CONFIG_|__x86_64__|ARCH_|__aarch64__)")
FREESTANDING = {"stdint.h", "stddef.h", "stdbool.h", "stdarg.h", "limits.h"}


class Rules:
    def __init__(self, path):
        self.folders, self.order = {}, []
        self.arch, self.allowed = (), set()
        self.words = {"user": [], "current": []}
        with open(path, encoding="utf-8") as f:
            for line in f:
                words = line.split("#")[0].split()
                if words:
                    self.add(words)

    def add(self, words):
        kind, rest = words[0], words[1:]
        if kind == "layer":
            self.order.append(rest[0])
            self.folders[rest[0]] = rest[1] if len(rest) > 1 else \
                "kernel/" + rest[0]
        elif kind == "arch":
            self.arch = tuple(rest)
        elif kind == "allow":
            self.allowed.add((rest[0], rest[1]))
        elif kind in self.words:
            self.words[kind].append(rest[0])
        else:
            sys.exit("layers.txt: what is '%s'?" % kind)

    def layer_of(self, path):
        """The layer of a source file: its name, "debug", or "archimpl"."""
        if path.startswith("kernel/debug/"):
            return "debug"
        for name, folder in self.folders.items():
            if path.startswith(folder + "/"):
                return name
        return "archimpl" if path.startswith("arch/") else None

    def rank(self, name):
        return self.order.index(name)


def strip(text):
    """Comments and strings become spaces; lines stay where they were."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    text = re.sub(r"/\*.*?\*/|//[^\n]*", blank, text, flags=re.S)
    return re.sub(r'^(?!\s*#\s*include)(.*)$', lambda m: re.sub(
        r'"(\\.|[^"\\\n])*"|\'(\\.|[^\'\\\n])+\'', '""', m.group(0)), text,
        flags=re.M)


def check_include(rules, path, layer, quote, header):
    """The complaint about one include, or None."""
    base = os.path.basename(header)
    if quote == '"':
        target = os.path.normpath(os.path.join(os.path.dirname(path), header))
        if "/" in header and rules.layer_of(target) != layer:
            return '"%s": quotes are for the same folder' % header
        return None
    if header.startswith("arch/impl/"):
        return None if path.startswith("arch/") else \
            "<%s> is private to arch/" % header
    if base.endswith("_impl.h"):
        return "<%s> is private to its folder" % header
    if (path, header) in rules.allowed or header in FREESTANDING:
        return None
    head = header.split("/")[0]
    if head in ("gen", "debug"):
        return None
    if head not in rules.order:
        return "<%s> is no header of ours" % header
    if layer == "debug":
        return None
    if layer == "archimpl":
        if any(header.startswith(p) for p in rules.arch):
            return None
        return "<%s>: arch/ reaches that through a hook" % header
    if rules.rank(head) > rules.rank(layer):
        return "<%s>: %s is above %s" % (header, head, layer)
    if header.startswith("abi/linux/") and \
            rules.rank(layer) < rules.rank("sys") and layer != "abi":
        return "<%s>: an ABI is named in sys/ only" % header
    return None


def check_words(rules, path, layer, line):
    ranked = layer in rules.order
    if re.search(r"\b__user\b", line) and layer not in ("sys", "init") and \
            not path.startswith(tuple(rules.words["user"])):
        return "__user outside sys/"
    if ranked and rules.rank(layer) < rules.rank("sched") and \
            layer not in ("abi", "arch") and CURRENT.search(line) and \
            not path.startswith(tuple(rules.words["current"])):
        return "current below sched/"
    return None


def check_file(rules, path):
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        text = strip(f.read())
    layer = rules.layer_of(path)
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        found = INCLUDE.match(line)
        bad = None
        if layer is not None:
            bad = check_include(rules, path, layer, *found.groups()) \
                if found else check_words(rules, path, layer, line)
        if bad is None and inside and CONDITION.match(line) and \
                path.endswith(".c"):
            bad = "#if inside a function: use `if (CONFIG_X)` or a file"
        if bad:
            yield "%s:%d: %s" % (path, number, bad)
        # A body's braces stand at the start of their lines.
        inside = line.startswith("{") or \
            (inside and not line.startswith("}"))


def main():
    rules = Rules(os.path.join(TOP, "tools/layers.txt"))
    problems = []
    for top in ("abi", "arch", "kernel"):
        for folder, _, names in sorted(os.walk(os.path.join(TOP, top))):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".S")):
                    path = os.path.relpath(os.path.join(folder, name), TOP)
                    problems += check_file(rules, path)
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
