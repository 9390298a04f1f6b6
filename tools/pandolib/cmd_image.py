# SPDX-License-Identifier: MIT
"""tools/pando image: write the initial root file system."""
import os

from . import OUT, guarded, parser, rootfs

ABOUT = """\
Write the cpio archive that the kernel unpacks as its root: busybox with its
applets, /etc, our own programs from out/user, and what --add names.
"""


@guarded
def main(argv):
    ap = parser("image", ABOUT)
    ap.add_argument("-o", "--output", metavar="FILE",
                    default=os.path.join(OUT, "image.cpio"))
    ap.add_argument("--add", metavar="HOSTFILE[:GUESTPATH]", action="append",
                    default=[], help="put a file or folder into the image")
    args = ap.parse_args(argv)
    data = rootfs.build(args.add)
    os.makedirs(os.path.dirname(os.path.abspath(args.output)), exist_ok=True)
    with open(args.output, "wb") as f:
        f.write(data)
    print("%s: %d bytes" % (os.path.relpath(args.output), len(data)))
    return 0
