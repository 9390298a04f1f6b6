# SPDX-License-Identifier: MIT
"""tools/pando cc: build a program for a world."""
import os
import subprocess
import tempfile

from . import OUT, TOP, Fail, guarded, parser, split_command

ABOUT = """\
Compile FILES to one static program for a world.  linux: musl-gcc, and no
note, as any Linux program.  native: the same compiler, our library, and an
ELF note that says which world the program is of.  Flags after -- go to the
compiler as they are.
"""
WORLDS = {"linux": 0, "jos": 1, "akaros": 2, "camellia": 3, "native": 4}
ABI_VERSION = 1
LATER = ("jos", "akaros", "camellia")

NOTE = """\
\t.section .note.pando, "a", @note
\t.balign 4
\t.long 2f - 1f, 4f - 3f, 1
1:\t.asciz "Pando"
2:\t.balign 4
3:\t.long %d, %d
4:\t.balign 4
\t.section .note.GNU-stack, "", @progbits
"""


def world_number(name):
    """From abi/worlds.tbl: the first number on the world's line."""
    try:
        with open(os.path.join(TOP, "abi/worlds.tbl"), encoding="utf-8") as f:
            for line in f:
                fields = line.split("#")[0].split()
                if fields and fields[0].strip('"').lower() == name:
                    return int(next(x for x in fields[1:] if x.isdigit()))
    except (OSError, StopIteration):
        pass
    return WORLDS[name]


def compile_program(args, extra, folder):
    cmd = ["musl-gcc", "-static", "-O2", "-Wall", "-o", args.output]
    tail = []
    if args.world == "native":
        note = os.path.join(folder, "note.S")
        with open(note, "w", encoding="utf-8") as f:
            f.write(NOTE % (world_number("native"), ABI_VERSION))
        tail.append(note)
        cmd += ["-I" + TOP, "-I" + os.path.join(OUT, "gen"),
                "-I" + os.path.join(TOP, "user/lib/include")]
        library = os.path.join(OUT, "user/libpando.a")
        if os.path.exists(library):
            tail.append(library)
    return subprocess.run(cmd + args.files + tail + extra,
                          check=False).returncode


@guarded
def main(argv):
    ap = parser("cc", ABOUT, usage="tools/pando cc --world W [-o OUT] "
                "FILES... [-- FLAGS...]")
    ap.add_argument("--world", required=True, choices=sorted(WORLDS))
    ap.add_argument("-o", "--output", metavar="OUT", default="a.out")
    ap.add_argument("files", nargs="+", metavar="FILES")
    options, extra = split_command(argv)
    args = ap.parse_args(options)
    if args.world in LATER:
        raise Fail("the %s world comes with a later release" % args.world)
    for path in args.files:
        if not os.path.exists(path):
            raise Fail("%s: no such file" % path)
    try:
        with tempfile.TemporaryDirectory(prefix="pando-") as folder:
            status = compile_program(args, extra or [], folder)
    except FileNotFoundError as e:
        raise Fail("musl-gcc is missing; run tools/deps.sh") from e
    return 1 if status else 0
