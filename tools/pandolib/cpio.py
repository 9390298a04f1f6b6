# SPDX-License-Identifier: MIT
"""A deterministic writer of newc cpio archives."""
import os
import stat


class Archive:
    """Collects entries; bytes() is the archive, the same for the same
    entries: inode numbers count up, times are zero, everybody is root."""

    def __init__(self):
        self.parts = []
        self.inode = 0
        self.names = set()

    def entry(self, name, mode, data=b"", rdev=(0, 0)):
        name = name.strip("/")
        if not name or name in self.names:
            return
        self.names.add(name)
        raw = os.fsencode(name) + b"\0"
        self.inode += 1
        nlink = 2 if stat.S_ISDIR(mode) else 1
        head = "070701" + "".join("%08X" % v for v in (
            self.inode, mode, 0, 0, nlink, 0, len(data), 0, 0,
            rdev[0], rdev[1], len(raw), 0))
        self.parts.append(pad(head.encode() + raw))
        self.parts.append(pad(data))

    def parents(self, name):
        parts = name.strip("/").split("/")[:-1]
        for i in range(len(parts)):
            self.directory("/".join(parts[:i + 1]))

    def directory(self, name, mode=0o755):
        self.parents(name)
        self.entry(name, stat.S_IFDIR | mode)

    def file(self, name, data, mode=0o644):
        self.parents(name)
        self.entry(name, stat.S_IFREG | mode,
                   data if isinstance(data, bytes) else data.encode())

    def symlink(self, name, target):
        self.parents(name)
        self.entry(name, stat.S_IFLNK | 0o777, os.fsencode(target))

    def host(self, path, name):
        """A file, link or whole folder of the host, modes kept."""
        info = os.lstat(path)
        if stat.S_ISLNK(info.st_mode) and not os.path.exists(path):
            self.symlink(name, os.readlink(path))
        elif os.path.isdir(path):
            self.directory(name, info.st_mode & 0o7777)
            for child in sorted(os.listdir(path)):
                self.host(os.path.join(path, child), name + "/" + child)
        else:
            with open(path, "rb") as f:
                self.file(name, f.read(), os.stat(path).st_mode & 0o7777)

    def bytes(self):
        raw = b"TRAILER!!!\0"
        head = "070701" + "".join("%08X" % v for v in (
            0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, len(raw), 0))
        return b"".join(self.parts) + pad(head.encode() + raw)


def pad(data):
    return data + b"\0" * (-len(data) % 4)
