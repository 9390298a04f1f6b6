# SPDX-License-Identifier: MIT
"""tools/pando gdb: a machine that waits for gdb, and gdb."""
import os
import subprocess

from . import (OUT, STATUS_NO_START, TOP, Fail, guarded, kernel_path, parser,
               rootfs, split_command)
from .vm import Machine

ABOUT = """\
Start a machine that waits, and gdb on it, with tools/gdb/pando.py loaded:
pando-ps, pando-threads, pando-locks, pando-runq, pando-walk-pt.  The console
is on the pseudo-terminal that is printed (`screen /dev/pts/N`), the kernel's
messages go to out/kernel.log.  CMD, when given, runs instead of the shell.
"""


@guarded
def main(argv):
    ap = parser("gdb", ABOUT, usage="tools/pando gdb [OPTIONS] [-- CMD...]")
    ap.add_argument("--smp", metavar="N", default="1")
    ap.add_argument("--mem", metavar="M", default="512M")
    ap.add_argument("--flavour", default="release", metavar="F")
    ap.add_argument("--append", metavar="ARGS", default="")
    ap.add_argument("--add", metavar="HOSTFILE[:GUESTPATH]", action="append",
                    default=[])
    ap.add_argument("--batch", metavar="FILE",
                    help="run the gdb commands of FILE, then end")
    options, command = split_command(argv)
    args = ap.parse_args(options)
    kernel = kernel_path(args.flavour)
    port = 25000 + os.getuid() % 5000
    m = Machine(kernel, args.smp, args.mem)
    try:
        m.set_image(rootfs.build(args.add, command or None), args.append)
        os.makedirs(OUT, exist_ok=True)
        m.set_log(os.path.join(OUT, "kernel.log"))
        m.args += ["-chardev", "pty,id=tty", "-serial", "chardev:tty",
                   "-gdb", "tcp:127.0.0.1:%d" % port, "-S"]
        m.start()
        return run_gdb(m, kernel, port, args.batch)
    finally:
        m.close()


def run_gdb(m, kernel, port, batch):
    gdb = ["gdb", "-q", "-nx", kernel,
           "-ex", "set confirm off", "-ex", "set pagination off",
           "-ex", "source " + os.path.join(TOP, "tools/gdb/pando.py"),
           "-ex", "target remote 127.0.0.1:%d" % port]
    if batch:
        gdb += ["-batch", "-x", batch]
    try:
        m.process.wait(timeout=0.7)
        raise Fail("QEMU ended: " + m.qemu_errors(), STATUS_NO_START)
    except subprocess.TimeoutExpired:
        print(m.qemu_errors())
    try:
        return subprocess.run(gdb, check=False).returncode
    except FileNotFoundError as e:
        raise Fail("gdb is missing; run tools/deps.sh") from e
