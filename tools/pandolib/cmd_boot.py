# SPDX-License-Identifier: MIT
"""tools/pando boot: the shell on this terminal."""
import os
import sys
import tempfile

from . import OUT, guarded, kernel_path, parser, rootfs
from .vm import PORT_LOG, base_args, debugcon, quote, window

ABOUT = """\
Boot Pando with its console on this terminal.  ctrl-C and ctrl-Z go to the
guest; `poweroff` in it or ctrl-A x here ends the machine, ctrl-A c is QEMU's
monitor, ctrl-A ctrl-A is a ctrl-A for the guest.  The kernel's messages go to out/kernel.log.
"""


@guarded
def main(argv):
    ap = parser("boot", ABOUT)
    ap.add_argument("--smp", metavar="N", default="1")
    ap.add_argument("--mem", metavar="M", default="512M")
    ap.add_argument("--add", metavar="HOSTFILE[:GUESTPATH]", action="append",
                    default=[])
    ap.add_argument("--flavour", default="release", metavar="F")
    ap.add_argument("--append", metavar="ARGS", default="")
    args = ap.parse_args(argv)
    kernel = kernel_path(args.flavour)
    image = os.path.join(OUT, "cache", "boot.cpio")
    data = rootfs.build(args.add)
    os.makedirs(os.path.dirname(image), exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=os.path.dirname(image),
                                     delete=False) as f:
        f.write(data)
    os.replace(f.name, image)
    log = os.path.join(OUT, "kernel.log")
    qemu = base_args(kernel, args.smp, args.mem)
    qemu += ["-initrd", image, "-append", window() + args.append]
    qemu += ["-chardev", "stdio,id=tty,signal=off,mux=on",
             "-mon", "chardev=tty", "-serial", "chardev:tty"]
    qemu += debugcon("log", PORT_LOG, "file,path=" + quote(log))
    sys.stdout.flush()
    os.execvp(qemu[0], qemu)
