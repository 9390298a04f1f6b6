# SPDX-License-Identifier: MIT
"""tools/pando run: one command on a machine of its own."""
import os
import signal
import sys
import termios
import tty

from . import (STATUS_KERNEL_DIED, STATUS_NO_START, STATUS_TIMEOUT,
               guarded, kernel_path, parser, rootfs, split_command)
from .pump import Input, Pump
from .vm import PORT_CONTROL, PORT_ERR, PORT_OUT, Machine, window

ABOUT = """\
Boot Pando headless, run CMD as its only job with this process's stdin,
stdout and stderr, and end with its status: what CMD exits with, 128+n when
signal n ended it, 124 after --timeout, 125 when the kernel died (its last
words go to stderr), 126 when the machine could not start.

A file of --add goes to GUESTPATH, or to /root, which is CMD's working
directory.  CMD is looked for in /bin, /sbin, /usr/bin, /usr/sbin and /root.
"""


def arguments(argv):
    ap = parser("run", ABOUT,
                usage="tools/pando run [OPTIONS] -- CMD [ARGS...]")
    ap.add_argument("--smp", metavar="N", type=int, default=1,
                    help="number of processors (1)")
    ap.add_argument("--mem", metavar="M", default="512M",
                    help="memory, as 64M or 2G (512M)")
    ap.add_argument("--add", metavar="HOSTFILE[:GUESTPATH]", action="append",
                    default=[], help="put a file or folder into the guest")
    ap.add_argument("--flavour", default="release", metavar="F",
                    help="release, debug or kasan; -clang after it for the "
                         "kernel built by clang (release)")
    ap.add_argument("--icount", action="store_true",
                    help="count instructions: exact, the same in every run")
    ap.add_argument("--tty", action="store_true",
                    help="CMD gets a terminal: this one, or the pipes here")
    ap.add_argument("--timeout", metavar="S", type=float,
                    help="give up after S seconds with status 124")
    ap.add_argument("--kernel-log", metavar="FILE",
                    help="keep the kernel's messages in FILE")
    ap.add_argument("--append", metavar="ARGS", default="",
                    help="more words for the kernel's command line")
    ap.add_argument("--env", metavar="NAME=VALUE", action="append",
                    default=[], help="set a variable of CMD's environment")
    options, command = split_command(argv)
    args = ap.parse_args(options)
    ktest = any(w.startswith("ktest") for w in args.append.split())
    if not command and not ktest:
        ap.error("no command: put it after --")
    if args.smp < 1 or args.smp > 255:
        ap.error("--smp %d: between 1 and 255" % args.smp)
    if args.icount and args.smp != 1:
        ap.error("--icount needs --smp 1")
    if args.timeout is not None and args.timeout <= 0:
        ap.error("--timeout must be positive")
    if not args.mem.rstrip("KMGkmg").isdigit():
        ap.error("--mem %s: expected a number with K, M or G" % args.mem)
    if any("=" not in e for e in args.env):
        ap.error("--env takes NAME=VALUE")
    args.command = command or None
    return args


def cmdline(args):
    words = ["hostio"]
    if args.tty:
        words += ["tty", window().strip()]
    if args.icount:
        words.append("nokaslr")
    return " ".join(words + args.append.split())


def job_env(args):
    env = {"TERM": os.environ.get("TERM", "vt100") if args.tty else "dumb"}
    env.update(e.split("=", 1) for e in args.env)
    return env


def connect(m, args):
    """Channels and lines in the order of their numbers: COM1, then COM2."""
    control = m.output("control", PORT_CONTROL)
    outputs = {m.output("out", PORT_OUT): 1, m.output("err", PORT_ERR): 2}
    com1 = m.serial("com1")
    com2 = m.serial("com2")
    if args.tty:
        outputs[com1.fileno()] = 1
        source = Input(0, com1, framed=False, escape=os.isatty(0))
    else:
        # Nobody reads COM1 here, but it must not fill up.
        outputs[com1.fileno()] = os.open(os.devnull, os.O_WRONLY)
        source = Input(0, com2, framed=True)
    pump = Pump(m, control, outputs, source)
    pump.keep = (com1, com2)
    return pump


def last_words(log):
    """From the panic to the end, or the last lines."""
    lines = log.splitlines()
    for i, line in enumerate(lines):
        if "panic" in line.lower():
            return lines[max(0, i - 5):i + 200]
    return lines[-40:]


def verdict(m, pump):
    if pump.timed_out:
        sys.stderr.write("pando: timed out\n")
        return STATUS_TIMEOUT
    if pump.source.quit:
        return 0 if pump.status is None else pump.status[1]
    if pump.status is not None and not pump.panicked:
        kind, number = pump.status
        return (128 + number) & 255 if kind == "signal" else number & 255
    m.kill()
    log = m.kernel_log()
    if not log and not pump.panicked:
        sys.stderr.write("pando: the machine did not start\n%s\n" %
                         m.qemu_errors())
        return STATUS_NO_START
    sys.stderr.write("pando: the kernel died%s; its last words:\n%s\n" % (
        "" if pump.panicked else " without a word",
        "\n".join(last_words(log))))
    return STATUS_KERNEL_DIED


def interrupted(number, _frame):
    raise InterruptedError(number)


def run_job(m, args):
    pump = connect(m, args)
    m.start()
    saved = None
    if args.tty and os.isatty(0):
        saved = termios.tcgetattr(0)
        tty.setraw(0)
    try:
        pump.run(args.timeout)
    finally:
        if saved is not None:
            termios.tcsetattr(0, termios.TCSADRAIN, saved)
    return verdict(m, pump)


@guarded
def main(argv):
    args = arguments(argv)
    kernel = kernel_path(args.flavour)
    image = rootfs.build(args.add, args.command, job_env(args))
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, interrupted)
    m = Machine(kernel, str(args.smp), args.mem, args.icount)
    try:
        m.set_image(image, cmdline(args))
        m.set_log(args.kernel_log)
        return run_job(m, args)
    except InterruptedError as e:
        return 128 + e.args[0]
    except BrokenPipeError:
        return 128 + signal.SIGPIPE
    finally:
        m.close()
