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
    wanted = sorted({a for line in lines for a in ADDRESS.findall(line)})
    where = places(elf, wanted)
    for line in lines:
        print(line)
        for address in ADDRESS.findall(line):
            for i, text in enumerate(where.get(address, [])):
                if "?" not in text.split(" at ")[0]:
                    print("\t%s%s" % ("inlined into " if i else "", text))
    return 0
