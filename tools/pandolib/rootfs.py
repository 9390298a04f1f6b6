# SPDX-License-Identifier: MIT
"""The initial root file system: busybox, a few files in /etc, and what the
caller adds.  It is a cpio archive; what differs from run to run is a second
archive after it, so that the first is made once and kept in out/cache."""
import hashlib
import os
import subprocess

from . import OUT, Fail, STATUS_NO_START
from .cpio import Archive

SEARCH = ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/root")
JOB_ENV = {
    "PATH": "/bin:/sbin:/usr/bin:/usr/sbin",
    "HOME": "/root",
    "USER": "root",
    "SHELL": "/bin/sh",
}

MOTD = """
  Pando: one organism, many cores.  This is Debian's busybox on our kernel.

  Three things to try:   ps; cat /proc/meminfo
                         seq 1000 | awk '{ s += $1 } END { print s }'
                         sleep 100   and ctrl-Z, bg, jobs, fg, ctrl-C
  The way out:           poweroff    (or ctrl-A x)

"""

PROFILE = """\
export PATH=/bin:/sbin:/usr/bin:/usr/sbin HOME=/root USER=root
PS1='\\u@\\h:\\w\\$ '
if [ -t 0 ] && [ -z "$PANDO_WELCOMED" ]; then
	export PANDO_WELCOMED=1
	cat /etc/motd
fi
cd
"""

FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n"
                  "daemon:x:1:1:daemon:/:/bin/false\n"
                  "nobody:x:65534:65534:nobody:/:/bin/false\n",
    "etc/group": "root:x:0:\ndaemon:x:1:\ntty:x:5:\nnogroup:x:65534:\n",
    "etc/hostname": "pando\n",
    "etc/hosts": "127.0.0.1 localhost pando\n",
    "etc/issue": "Pando\n",
    "etc/shells": "/bin/sh\n",
    "etc/motd": MOTD,
    "etc/profile": PROFILE,
    "etc/fstab": "dev /dev dev defaults 0 0\nproc /proc proc defaults 0 0\n",
}
DIRS = {"bin": 0o755, "sbin": 0o755, "usr/bin": 0o755, "usr/sbin": 0o755,
        "dev": 0o755, "proc": 0o555, "sys": 0o555, "etc": 0o755,
        "root": 0o700, "home": 0o755, "mnt": 0o755, "run": 0o755,
        "tmp": 0o1777, "var": 0o755, "var/tmp": 0o1777}


def busybox_path():
    for path in (os.environ.get("PANDO_BUSYBOX"), "/usr/bin/busybox",
                 "/bin/busybox"):
        if path and os.path.exists(path):
            return path
    raise Fail("busybox is missing; run tools/deps.sh", STATUS_NO_START)


def user_programs():
    """[(guest name, host path)] of our own programs in out/user."""
    folder = os.path.join(OUT, "user")
    found = []
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        path = os.path.join(folder, name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            found.append((("sbin/" if name == "init" else "bin/") + name,
                          path))
    if "sbin/init" not in (name for name, _ in found):
        raise Fail("our init is not built; try: make user", STATUS_NO_START)
    return found


def base_key(busybox, programs):
    """Names the archive by all that goes into it."""
    h = hashlib.sha256()
    sources = [os.path.realpath(__file__), busybox]
    sources += [path for _, path in programs]
    for path in sources:
        info = os.stat(path)
        h.update(("%s %d %d\n" % (path, info.st_size,
                                  info.st_mtime_ns)).encode())
    return h.hexdigest()[:16]


def build_base(busybox, programs):
    ar = Archive()
    for name, mode in DIRS.items():
        ar.directory(name, mode)
    for name, text in FILES.items():
        ar.file(name, text)
    for name, path in programs:
        ar.host(path, name)
    with open(busybox, "rb") as f:
        ar.file("bin/busybox", f.read(), 0o755)
    applets = subprocess.run([busybox, "--list-full"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout.split()
    for applet in sorted(applets):
        if applet not in ("bin/busybox", "linuxrc"):
            ar.symlink(applet, "/bin/busybox")
    ar.symlink("sbin/init", "/bin/busybox")
    ar.symlink("etc/mtab", "/proc/mounts")
    return ar.bytes(), ar.names


def base():
    """(archive bytes, names in it), from the cache where it can be."""
    busybox, programs = busybox_path(), user_programs()
    folder = os.path.join(OUT, "cache")
    stem = os.path.join(folder, "root-" + base_key(busybox, programs))
    try:
        with open(stem + ".names", encoding="utf-8") as f:
            names = set(f.read().split("\n"))
        with open(stem + ".cpio", "rb") as f:
            return f.read(), names
    except OSError:
        pass
    data, names = build_base(busybox, programs)
    os.makedirs(folder, exist_ok=True)
    for suffix, text in ((".cpio", data),
                         (".names", "\n".join(sorted(names)).encode())):
        temp = "%s.%d" % (stem, os.getpid())
        with open(temp, "wb") as f:
            f.write(text)
        os.replace(temp, stem + suffix)
    return data, names


def split_add(spec):
    """HOSTFILE[:GUESTPATH]; without one it goes to root's home."""
    host, _, guest = spec.partition(":")
    if not os.path.lexists(host):
        raise Fail("--add %s: no such file" % host)
    if not guest:
        guest = "/root/" + os.path.basename(os.path.normpath(host))
    elif guest.endswith("/"):
        guest += os.path.basename(os.path.normpath(host))
    return host, guest


def resolve(command, names):
    """The absolute path of a command that has no slash, as a shell finds
    it; unknown names stay, and fail in the guest as they should."""
    if "/" in command:
        return command
    for folder in SEARCH:
        if (folder + "/" + command).lstrip("/") in names:
            return folder + "/" + command
    return command


def build(adds=(), command=None, env=None, cwd="/root"):
    """The whole image: base, additions, and the job for the kernel."""
    data, names = base()
    if not adds and command is None:
        return data
    ar = Archive()
    for host, guest in map(split_add, adds):
        ar.host(host, guest)
    if command is not None:
        argv = [resolve(command[0], names | ar.names)] + command[1:]
        job_env = dict(JOB_ENV, **(env or {}))
        ar.file(".pando/cmd", b"".join(os.fsencode(a) + b"\0" for a in argv))
        ar.file(".pando/env", b"".join(
            os.fsencode("%s=%s" % kv) + b"\0" for kv in job_env.items()))
        ar.file(".pando/cwd", os.fsencode(cwd))
    return data + ar.bytes()
