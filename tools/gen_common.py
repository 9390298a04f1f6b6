# SPDX-License-Identifier: MIT
"""What the generators share: reading tables, writing files when changed."""
import os
import shlex
import sys


def rows(path):
    """Yield (line number, fields, comment) for each line that has fields."""
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            body, comment = split_comment(line.rstrip("\n"))
            if not body.strip():
                continue
            lexer = shlex.shlex(body, posix=False, punctuation_chars="")
            lexer.whitespace_split = True
            lexer.commenters = ""
            yield number, list(lexer), comment


def split_comment(line):
    quoted = False
    for i, c in enumerate(line):
        if c == '"':
            quoted = not quoted
        elif c == "#" and not quoted:
            return line[:i], line[i + 1:].strip()
    return line, ""


def die(path, number, message):
    sys.exit("%s:%d: %s" % (path, number, message))


def write(path, text):
    """Write only when different, so that nothing rebuilds for nothing."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    try:
        with open(path, encoding="utf-8") as f:
            if f.read() == text:
                os.utime(path)
                return
    except OSError:
        pass
    temp = "%s.%d" % (path, os.getpid())
    with open(temp, "w", encoding="utf-8") as f:
        f.write(text)
    os.replace(temp, path)


def header(source, tool):
    return ("/* SPDX-License-Identifier: MIT */\n"
            "/* Made by tools/%s from %s; change that. */\n"
            % (os.path.basename(tool), source))


def md_header(title, source, tool):
    return ("# %s\n\nMade by `tools/%s` from `%s`; change that and run "
            "`make docs`.\n\n" % (title, os.path.basename(tool), source))
