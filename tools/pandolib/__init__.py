# SPDX-License-Identifier: MIT
"""The parts of tools/pando."""
import argparse
import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.realpath(__file__))))
OUT = os.environ.get("PANDO_OUT") or os.path.join(TOP, "out")

# Statuses of the tool itself, beside those of the command.
STATUS_USAGE = 2
STATUS_TIMEOUT = 124
STATUS_KERNEL_DIED = 125
STATUS_NO_START = 126


class Fail(Exception):
    """Ends the command with a message and a status."""

    def __init__(self, message, status=STATUS_USAGE):
        super().__init__(message)
        self.status = status


def parser(name, description, usage=None):
    return argparse.ArgumentParser(
        prog="tools/pando " + name, description=description, usage=usage,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False)


def split_command(argv):
    """What stands before and after the first `--`; None without one."""
    if "--" not in argv:
        return argv, None
    at = argv.index("--")
    return argv[:at], argv[at + 1:]


def guarded(main):
    """Turns Fail into a message on stderr and an exit status."""
    def wrapped(argv):
        try:
            return main(argv)
        except Fail as e:
            sys.stderr.write("pando: %s\n" % e)
            return e.status
    return wrapped


def kernel_path(flavour):
    path = os.path.join(OUT, flavour, "pando.elf")
    if not os.path.exists(path):
        base, _, clang = flavour.partition("-")
        raise Fail("%s is not built; try: make kernel FLAVOUR=%s%s" %
                   (os.path.relpath(path), base,
                    " CC=clang" if clang == "clang" else ""),
                   STATUS_NO_START)
    return path
