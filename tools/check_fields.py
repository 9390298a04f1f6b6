#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""check_fields.py: in a struct that has a lock, every field says what
protects it: GUARDED_BY(x), IMMUTABLE, ATOMIC, PRIVATE(who) or
EITHER_BOTH(a, b), in the declaration or in its comment.  A comment of its own
line that has such a word speaks for all fields to the next blank line.
Locks, references and wait queues protect themselves, and so does what is
said to have its own lock.
"""
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
STRUCT = re.compile(r"^struct\s+(?:[A-Z_]+\([^)]*\)\s*)?(\w+)\s*\{\n"
                    r"(.*?)^\}", re.M | re.S)
LOCK = re.compile(r"^\s*struct\s+(spinlock|mutex|irqlock|rwlock)\s+\w+\s*"
                  r"(\[[^]]*\])?;", re.M)
SAFE = re.compile(r"^\s*struct\s+(spinlock|mutex|irqlock|rwlock|ref|waitq|"
                  r"lock_class|completion|rcu_head)\s+\w+")
WORDS = re.compile(r"GUARDED_BY\s*\(|\bIMMUTABLE\b|\bATOMIC\b|PRIVATE\s*\(|"
                   r"EITHER_BOTH\s*\(|\bown lock")
PRIMITIVES = {"spinlock", "mutex", "rwlock", "irqlock", "waitq"}


def statements(body):
    """(text, line) of each field with its comments; "" for a blank line."""
    text, start, depth, comment = "", 0, 0, False
    for number, line in enumerate(body.split("\n")):
        if not line.strip() and not comment and depth == 0:
            if text.strip():
                yield text, start
            text = ""
            yield "", number
            continue
        if not text:
            start = number
        text += line + "\n"
        comment = (comment or "/*" in line) and \
            line.rfind("*/") <= line.rfind("/*")
        if "/*" not in line and "*/" in line:
            comment = False
        code = re.sub(r"/\*.*?(\*/|$)", "", line)
        depth += code.count("{") - code.count("}")
        whole = ";" in code or not code.strip()
        if whole and depth == 0 and not comment:
            yield text, start
            text = ""


def check_struct(path, name, body, line):
    group = False
    for text, at in statements(body):
        code = re.sub(r"/\*.*?\*/", "", text, flags=re.S).strip()
        if not text:
            group = False
        elif not code:
            group = group or WORDS.search(text) is not None
        elif not (group or SAFE.match(code) or WORDS.search(text)):
            field = re.sub(r"\s+", " ", code)[:60]
            yield "%s:%d: struct %s: what protects `%s`?" % (
                path, line + at, name, field)


def check_file(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        text = f.read()
    for found in STRUCT.finditer(text):
        name, body = found.groups()
        if name in PRIMITIVES or not LOCK.search(body):
            continue
        line = text.count("\n", 0, found.start(2)) + 1
        yield from check_struct(path, name, body, line)


def main():
    problems = []
    for top in ("arch", "kernel"):
        for folder, _, names in sorted(os.walk(os.path.join(TOP, top))):
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    path = os.path.relpath(os.path.join(folder, name), TOP)
                    problems += check_file(path)
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
