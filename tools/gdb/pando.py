# SPDX-License-Identifier: MIT
"""gdb commands for the kernel: pando-ps, pando-threads, pando-locks,
pando-runq, pando-walk-pt.  Loaded by `make gdb`; in a session of your own:
source tools/gdb/pando.py.  They read memory only and take no lock."""
import gdb


def evaluate(text):
    return gdb.parse_and_eval(text)


def container(pointer, struct, member):
    """The struct whose member the pointer points to."""
    kind = gdb.lookup_type("struct " + struct)
    offset = next(f.bitpos // 8 for f in kind.fields() if f.name == member)
    return (int(pointer) - offset, kind)


def entry(pointer, struct, member):
    address, kind = container(pointer, struct, member)
    return gdb.Value(address).cast(kind.pointer()).dereference()


def each(head, struct, member):
    """Members of a struct list; stops at a ring that does not close."""
    start, link = int(head.address), head["next"]
    for _ in range(100000):
        if int(link) == start or int(link) == 0:
            return
        yield entry(link, struct, member)
        link = link["next"]


def tree_nodes(node):
    """An rb tree, in order."""
    if int(node) == 0:
        return
    yield from tree_nodes(node["left"])
    yield node
    yield from tree_nodes(node["right"])


def short(value, prefix):
    """An enum's constant without its prefix."""
    text = str(value)
    return text[len(prefix):] if text.startswith(prefix) else text


def c_string(value):
    return value.string(errors="replace")


def walk_tree(proc, depth=0):
    yield depth, proc
    for child in each(proc["children"], "proc", "sibling"):
        yield from walk_tree(child, depth + 1)


def processes():
    init = evaluate("pidns_root.reaper")
    if int(init) == 0:
        return []
    return list(walk_tree(init.dereference()))


def percpus():
    """struct percpu of each processor, found by its gs base."""
    kind = gdb.lookup_type("struct percpu").pointer()
    current = gdb.selected_thread()
    for thread in sorted(gdb.selected_inferior().threads(),
                         key=lambda t: t.num):
        thread.switch()
        for register in ("$gs_base", "$k_gs_base"):
            base = int(evaluate(register)) & (2 ** 64 - 1)
            if base < 2 ** 63:
                continue
            try:
                percpu = gdb.Value(base).cast(kind).dereference()
                if int(percpu["self"]) == base:
                    yield percpu
                    break
            except gdb.MemoryError:
                pass
    if current is not None:
        current.switch()


class Command(gdb.Command):
    """Base: registers itself under its class's word."""

    word = None

    def __init__(self):
        super().__init__("pando-" + self.word, gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        try:
            self.run(gdb.string_to_argv(argument))
        except gdb.MemoryError as e:
            print("memory that cannot be read: %s" % e)


class Ps(Command):
    """pando-ps: the tree of processes."""
    word = "ps"

    def run(self, _argv):
        print("%7s %7s %-12s %4s  %s" %
              ("PID", "PPID", "STATE", "THR", "NAME"))
        for depth, p in processes():
            print("%7d %7d %-12s %4d  %s%s" % (
                int(p["pid"]), int(p["ppid"]), short(p["state"], "PROC_"),
                int(p["nthreads"]), "  " * depth, c_string(p["name"])))


class Threads(Command):
    """pando-threads: every thread of every process, and each core's own."""
    word = "threads"

    @staticmethod
    def show(t, of):
        print("%7d %-9s %-9s core %-3d %-16s %s" % (
            int(t["tid"]), short(t["state"], "THREAD_"),
            short(t["reason"], "WAIT_"), int(t["core"]),
            c_string(t["name"]), of))

    def run(self, _argv):
        for _, p in processes():
            for t in each(p["threads"], "thread", "proc_link"):
                self.show(t, "of %d" % int(p["pid"]))
        for percpu in percpus():
            t = percpu["thread"]
            if int(t) != 0:
                self.show(t.dereference(),
                          "runs on core %d" % int(percpu["id"]))


class Locks(Command):
    """pando-locks: spinlocks held, by core, and mutexes, by thread."""
    word = "locks"

    def run(self, _argv):
        try:
            held_of = evaluate("held_of")
        except gdb.error:
            print("this flavour does not keep track: FLAVOUR=debug does")
            return
        for percpu in percpus():
            core = int(percpu["id"])
            held = held_of[core]
            names = [short(held["lock"][i]["rank"], "RANK_")
                     for i in range(int(held["count"]))]
            print("core %d: %s" % (core, ", ".join(names) or "none"))
        for _, p in processes():
            for t in each(p["threads"], "thread", "proc_link"):
                self.mutexes(t)

    @staticmethod
    def mutexes(t):
        held = t["mutexes"]
        names = [str(held["held"][i].dereference()["rank"])
                 for i in range(int(held["count"]))]
        if names:
            print("thread %d: %s" % (int(t["tid"]), ", ".join(names)))


class Runq(Command):
    """pando-runq: who runs on each core and who waits for it."""
    word = "runq"

    @staticmethod
    def queued(rq):
        if int(rq["first"]) != 0:
            yield rq["first"].dereference()
        for node in tree_nodes(rq["tree"]["node"]):
            yield entry(node, "thread", "rq_node")

    def run(self, _argv):
        for percpu in percpus():
            core = percpu["core"]
            running = percpu["thread"]
            name = c_string(running["name"]) if int(running) else "nobody"
            print("core %d runs %s" % (int(percpu["id"]), name))
            if int(core) == 0:
                continue
            for t in self.queued(core["rq"]):
                print("    %d %s, vruntime %d, weight %d" % (
                    int(t["tid"]), c_string(t["name"]),
                    int(t["vruntime"]), int(t["weight"])))


class WalkPt(Command):
    """pando-walk-pt ADDRESS: its page table entries, from cr3 down."""
    word = "walk-pt"
    FLAGS = ((0, "P"), (1, "W"), (2, "U"), (5, "A"), (6, "D"), (7, "PS"),
             (8, "G"), (63, "NX"))

    def entry_at(self, table, index):
        memory = gdb.selected_inferior().read_memory(table + 8 * index, 8)
        return int.from_bytes(bytes(memory), "little")

    def run(self, argv):
        if len(argv) != 1:
            print(self.__doc__)
            return
        address = int(evaluate(argv[0])) & (2 ** 64 - 1)
        table = int(evaluate("$cr3")) & 0x000ffffffffff000
        gdb.execute("maintenance packet Qqemu.PhyMemMode:1", to_string=True)
        try:
            self.walk(address, table)
        finally:
            gdb.execute("maintenance packet Qqemu.PhyMemMode:0",
                        to_string=True)

    def walk(self, address, table):
        for level, shift in ((4, 39), (3, 30), (2, 21), (1, 12)):
            index = address >> shift & 511
            pte = self.entry_at(table, index)
            flags = " ".join(n for bit, n in self.FLAGS if pte >> bit & 1)
            print("level %d [%3d] %#018x  %s" % (level, index, pte, flags))
            if not pte & 1:
                print("not present")
                return
            table = pte & 0x000ffffffffff000
            if level == 1 or pte & 0x80:
                size = 1 << shift
                print("physical %#x" % ((table & ~(size - 1)) |
                                        (address & (size - 1))))
                return


for command in (Ps, Threads, Locks, Runq, WalkPt):
    command()
