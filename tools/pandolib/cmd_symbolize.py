# SPDX-License-Identifier: MIT
"""tools/pando symbolize: names and lines for the addresses of a panic."""
import re
import subprocess
import sys

from . import guarded, kernel_path, parser

ABOUT = """\
Copy stdin to stdout; below each line with kernel addresses, say where in the
source each is, inlined callers included.  Lines of the form `name+0x1f` that
a panic prints beside an address need nothing more.
"""
ADDRESS = re.compile(r"\b(?:0x)?(ffffffff[89a-f][0-9a-f]{7})\b")
# A line of a backtrace: the address is where a call returns to, which may be
# in the next line of the source, or in the next function.
RETURN = re.compile(r"^(?:\[[ 0-9.]+\])?\s+0x[0-9a-f]{16} \S+\+0x[1-9a-f]")


def sought(line):
    """The addresses of a line, each as it is to be looked up."""
    back = 1 if RETURN.match(line) else 0
    return ["%016x" % (int(a, 16) - back) for a in ADDRESS.findall(line)]


def places(elf, addresses):
    """{address: [text]} by one run of addr2line."""
    if not addresses:
        return {}
    out = subprocess.run(["addr2line", "-a", "-i", "-f", "-e", elf],
                         input="\n".join(addresses), text=True, check=True,
                         stdout=subprocess.PIPE).stdout.splitlines()
    found, at = {}, None
    i = 0
    while i < len(out):
        if out[i].startswith("0x"):
            at = out[i][2:].zfill(16)
            found[at] = []
            i += 1
            continue
        found[at].append("%s at %s" % (out[i], out[i + 1].replace("/./", "/")
                                       .removeprefix("./")))
        i += 2
    return found


@guarded
def main(argv):
    ap = parser("symbolize", ABOUT)
    ap.add_argument("--flavour", default="release", metavar="F",
                    help="the flavour that panicked (release)")
    args = ap.parse_args(argv)
    elf = kernel_path(args.flavour)
    lines = sys.stdin.read().splitlines()
    wanted = sorted({at for line in lines for at in sought(line)})
    where = places(elf, wanted)
    for line in lines:
        print(line)
        for at in sought(line):
            for i, text in enumerate(where.get(at, [])):
                if "?" not in text.split(" at ")[0]:
                    print("\t%s%s" % ("inlined into " if i else "", text))
    return 0
