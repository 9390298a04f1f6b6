# SPDX-License-Identifier: MIT
"""The command line from outside: what a user sees of tools/pando."""
import os
import random
import time

from . import FLAVOURS, OUT, TOP, command, make, pando

FAKE_CC = ["gcc", "-m32", "-O1", "-ffreestanding", "-fno-pic", "-no-pie",
           "-fno-stack-protector", "-fcf-protection=none", "-nostdlib",
           "-fno-asynchronous-unwind-tables", "-static",
           "-Wl,-Ttext-segment=0x100000,--build-id=none"]
MANY = ("for i in $(seq 200); do echo $i | busybox md5sum; done | sort | "
        "uniq -c | wc -l")


def fake(word, stdin=b"", timeout=20, options=()):
    return pando(["--flavour", "fake", "--append", "fake=" + word]
                 + list(options), ["true"], stdin, timeout)


def tools(report):
    """tools/pando against a kernel of 100 lines that does as it is told."""
    elf = os.path.join(OUT, "fake/pando.elf")
    make("user")
    os.makedirs(os.path.dirname(elf), exist_ok=True)
    status, text = command(FAKE_CC + ["-o", elf,
                                      "tests/lib/fake_kernel.c"])
    if not report.point("tools/fake kernel builds", status == 0, text):
        return
    for word, expected, timeout in (
            ("exit0", 0, 20), ("exit7", 7, 20), ("exit255", 255, 20),
            ("signal9", 137, 20), ("panic", 125, 20), ("mute", 125, 20),
            ("hang", 124, 2)):
        status, out, err = fake(word, timeout=timeout)
        report.point("tools/run ends with %d after %s" % (expected, word),
                     status == expected and out == b"" and
                     err.startswith(b"to stderr\n"),
                     "%s %r %r" % (status, out, err))
    status, _, err = fake("panic")
    report.point("tools/run shows the panic", b"PANIC: on purpose" in err,
                 repr(err))
    data = random.Random(1).randbytes(100000)
    status, out, _ = fake("echo", data)
    report.point("tools/run carries bytes", status == 0 and out == data,
                 "%s, %d of %d bytes" % (status, len(out), len(data)))
    usage(report)


def usage(report):
    """Wrong arguments say what is wrong and end with 2."""
    for args in (["run"], ["run", "--smp", "0", "--", "true"],
                 ["run", "--mem", "x", "--", "true"], ["cc", "x.c"],
                 ["cc", "--world", "jos", "x.c"], ["nonsense"], [],
                 ["run", "--add", "/no/such", "--flavour", "fake", "--",
                  "true"]):
        status, text = command(["tools/pando"] + args)
        report.point("tools/wrong: " + " ".join(args or ["nothing"]),
                     status == 2 and text.strip() != "",
                     "%s %s" % (status, text))
    for name in ("run", "boot", "cc", "image", "gdb", "symbolize"):
        status, text = command(["tools/pando", name, "--help"])
        report.point("tools/%s --help" % name,
                     status == 0 and "usage:" in text, text)


# name, options, command, stdin, status, stdout (None: any)
CASES = [
    ("true", [], ["true"], b"", 0, b""),
    ("false", [], ["false"], b"", 1, b""),
    ("echo", [], ["echo", "hello", "world"], b"", 0, b"hello world\n"),
    ("exit status", [], ["sh", "-c", "exit 42"], b"", 42, b""),
    ("a signal", [], ["sh", "-c", "kill -9 $$"], b"", 137, b""),
    ("a fault is signal 11", [], ["sh", "-c", "kill -11 $$"], b"", 139, b""),
    ("odd arguments", [], ["printf", "%s|", "a b", "", "*", "\\n"], b"", 0,
     b"a b||*|\\n|"),
    ("pipes", [], ["sh", "-c", MANY], b"", 0, b"200\n"),
    ("stdin", [], ["wc", "-c"], b"x" * 5000, 0, b"5000\n"),
    ("binary through cat", [], ["cat"], bytes(range(256)) * 40, 0,
     bytes(range(256)) * 40),
    ("four processors", ["--smp", "4"], ["echo", "four"], b"", 0, b"four\n"),
    ("icount", ["--icount"], ["echo", "counted"], b"", 0, b"counted\n"),
    ("debug flavour", ["--flavour", "debug"], ["sh", "-c", MANY], b"", 0,
     b"200\n"),
    ("kasan flavour", ["--flavour", "kasan"], ["sh", "-c", "echo k | cat"],
     b"", 0, b"k\n"),
    ("little memory", ["--mem", "64M"], ["echo", "small"], b"", 0,
     b"small\n"),
]


def run(report):
    for flavour in FLAVOURS:
        make("kernel", "user", "FLAVOUR=" + flavour)
    for name, options, job, stdin, status, stdout in CASES:
        if not report.wants(name):
            continue
        got, out, err = pando(options, job, stdin, 60)
        report.point("smoke/" + name, got == status and
                     (stdout is None or out == stdout),
                     "status %s, stdout %r\n%s" %
                     (got, out[:400], err.decode(errors="replace")))
    channels(report)
    terminal(report)
    speed(report)


def channels(report):
    status, out, err = pando([], ["sh", "-c", "echo out; echo err >&2"])
    report.point("smoke/stderr apart from stdout",
                 (status, out, err) == (0, b"out\n", b"err\n"),
                 "%s %r %r" % (status, out, err))
    added = os.path.join(TOP, "LICENSE")
    with open(added, "rb") as f:
        data = f.read()
    status, out, _ = pando(["--add", added + ":/etc/licence"],
                           ["cat", "/etc/licence"])
    report.point("smoke/--add", status == 0 and out == data, repr(out[:200]))
    status, _, _ = pando([], ["sleep", "100"], timeout=4)
    report.point("smoke/--timeout", status == 124, str(status))


def terminal(report):
    status, out, err = pando(
        ["--tty"], ["sh"], b"tty\necho $((6*7))\nexit 5\n", 20)
    report.point("smoke/--tty", status == 5 and b"42" in out,
                 "%s %r %r" % (status, out, err))


def speed(report):
    best = 99.0
    for _ in range(3):
        start = time.monotonic()
        pando([], ["true"])
        best = min(best, time.monotonic() - start)
    report.point("smoke/boot to exit under 2 s", best < 2.0, "%.2f s" % best)


def long(report):
    good = 0
    for _ in range(20):
        status, out, _ = pando([], ["busybox", "sh", "-c", MANY])
        good += status == 0 and out == b"200\n"
    report.point("smoke/200 pipelines, twenty times", good == 20,
                 "%d of 20" % good)
