# SPDX-License-Identifier: MIT
"""Starting up badly, looking into a machine, typing at its console."""
import os
import tempfile

from pandolib.vm import base_args, debugcon
from taplib import Tap

from . import OUT, TOP, command, make, pando

ELF = os.path.join(OUT, "release/pando.elf")
SECONDS = 30
# Stops where sleep(1) comes in, which every process of the job does.
GDB = """\
hbreak linux_clock_nanosleep
continue
pando-ps
pando-threads
pando-locks
pando-runq
pando-walk-pt 0xffffffff80100000
backtrace 4
"""
JOB = ["sh", "-c", "sleep 1 | cat & sleep 2"]


def bare(initrd=None, mem="256M", words=""):
    """(status, kernel log) of QEMU with such an initial archive."""
    with tempfile.TemporaryDirectory() as folder:
        args = base_args(ELF, "1", mem) + ["-append", words]
        args += debugcon("log", 0xe9, "file,path=%s/log" % folder)
        if initrd is not None:
            path = os.path.join(folder, "initrd")
            with open(path, "wb") as f:
                f.write(initrd)
            args += ["-initrd", path]
        status, _ = command(args, timeout=SECONDS)
        try:
            with open(folder + "/log", encoding="utf-8",
                      errors="replace") as f:
                return status, f.read()
        except OSError as e:
            return status, str(e)


def bad_archives(report):
    """Each ends in a panic that says why, and the machine goes off."""
    noise = bytes((i * i * 31 + (i >> 8)) & 255 for i in range(100000))
    # A header that promises more than there is.
    cut = b"070701" + b"00000001" * 6 + b"7fffffff" + b"00000000" * 4 + \
        b"00000003" + b"00000000" + b"ab\0"
    log = ""
    for name, initrd in (("no initrd", None), ("noise as initrd", noise),
                         ("a cut initrd", cut), ("an empty file", b"\0")):
        status, log = bare(initrd)
        report.point("boot/" + name, status == 0 and "initrd" in log and
                     "panic: " in log and "end of panic" in log,
                     "status %s\n%s" % (status, log))
    with tempfile.NamedTemporaryFile("w") as f:
        f.write(log)
        f.flush()
        status, text = command(["sh", "-c", "tools/pando symbolize < " +
                                f.name])
    report.point("boot/symbolize names the source", status == 0 and
                 "panic at kernel/debug/panic.c:" in text, text)


def words(report):
    with tempfile.NamedTemporaryFile() as f:
        status, out, _ = pando(
            ["--append", "foo=bar baz loglevel=zz =x", "--kernel-log",
             f.name], ["echo", "fine"])
        log = f.read().decode(errors="replace")
    report.point("boot/unknown words are reported", (status, out) ==
                 (0, b"fine\n") and "'foo'" in log and "'baz'" in log,
                 "%s %r\n%s" % (status, out, log))
    for mem in ("24M", "3G"):
        status, out, err = pando(["--mem", mem], ["echo", mem])
        report.point("boot/%s of memory" % mem, status == 0 and
                     out.decode().strip() == mem,
                     "%s %r %r" % (status, out, err))


def crash(report):
    """A panic says what, where, who, what was held and what came before."""
    job = ["sh", "-c", "echo before; echo t >/proc/sysrq-trigger; "
           "echo c >/proc/sysrq-trigger; echo after"]
    for flavour in ("release", "debug"):
        status, out, err = pando(["--flavour", flavour, "--append", "trace"],
                                 job)
        text = err.decode(errors="replace")
        wants = ["waits for", "kernel panic", "a crash was asked for",
                 "build: pando", "backtrace:", "proc_sysrq_store+",
                 "linux_write+", "CREATED -> LIVE", "enter write(", "locks"]
        missing = [w for w in wants if w not in text]
        report.point("boot/crash on " + flavour, status == 125 and
                     out == b"before\n" and not missing,
                     "%s %r missing: %s\n%s" % (status, out, missing, text))
    # Not for everybody.
    status, out, err = pando([], ["su", "-s", "/bin/sh", "nobody", "-c",
                                  "echo c >/proc/sysrq-trigger; echo alive"])
    report.point("boot/crash is root's", (status, out) == (0, b"alive\n"),
                 "%s %r %r" % (status, out, err))


def gdb(report):
    with tempfile.NamedTemporaryFile("w", suffix=".gdb") as f:
        f.write(GDB)
        f.flush()
        for flavour in ("release", "debug"):
            status, text = command(
                ["tools/pando", "gdb", "--flavour", flavour, "--batch",
                 f.name, "--"] + JOB, timeout=90)
            wants = ["1       0 LIVE", " init             of 1\n",
                     "RUNNING   NONE", "core 0 runs sleep",
                     "physical 0x100000", "linux_clock_nanosleep (r="]
            wants += ["core 0: none"] if flavour == "debug" else []
            missing = [w for w in wants if w not in text]
            report.point("boot/gdb on %s" % flavour, status == 0 and
                         not missing and "Error" not in text,
                         "missing: %s\n%s" % (missing, text))


def run(report):
    for flavour in ("release", "debug"):
        make("kernel", "user", "FLAVOUR=" + flavour)
    for part in (bad_archives, words, crash, gdb):
        if report.wants("boot/" + part.__name__):
            part(report)


def console(report):
    """tests/tty: a shell used through a pseudo-terminal."""
    args = ["tests/tty/run.py"] + ([report.only] if report.only else [])
    if not os.path.exists(os.path.join(TOP, args[0])):
        return
    status, text = command(args, timeout=600)
    if report.only and "1..0" in text:
        return
    report.tap("tty", Tap("tty", text, status))
