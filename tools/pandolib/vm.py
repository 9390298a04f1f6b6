# SPDX-License-Identifier: MIT
"""The virtual machine: QEMU's command line and the process itself."""
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile

from . import Fail, STATUS_NO_START

QEMU = os.environ.get("PANDO_QEMU", "qemu-system-x86_64")
# Ports of the one-byte output channels; see kernel/dev for the other side.
PORT_LOG, PORT_OUT, PORT_ERR, PORT_CONTROL = 0xe9, 0xea, 0xeb, 0xec
ICOUNT_CPU = "max,-erms,-fsrm,-rdrand,-rdseed"


def have_kvm():
    """/dev/kvm is trusted only on a processor that says it can."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as f:
            flags = next((line for line in f if line.startswith("flags")), "")
        if not {"svm", "vmx"} & set(flags.split()):
            return False
        os.close(os.open("/dev/kvm", os.O_RDWR))
        return True
    except OSError:
        return False


def cpu_args(smp, icount):
    if icount:
        return ["-accel", "tcg,thread=single",
                "-icount", "shift=0,sleep=off", "-smp", "1",
                "-cpu", ICOUNT_CPU, "-rtc", "base=2026-01-01,clock=vm",
                "-seed", "1"]
    accel = "kvm" if have_kvm() else "tcg,thread=multi"
    return ["-accel", accel, "-smp", str(smp), "-cpu", "max"]


def base_args(kernel, smp, mem, icount=False):
    """Everything but image, command line and channels."""
    return ([QEMU, "-machine", "pc", "-no-user-config", "-nodefaults",
             "-display", "none", "-vga", "none", "-no-reboot", "-m", mem,
             "-kernel", kernel] + cpu_args(smp, icount))


def window():
    """The kernel's word for the size of this terminal, if there is one."""
    try:
        size = os.get_terminal_size(0)
    except OSError:
        return ""
    if size.lines == 0 or size.columns == 0:
        return ""
    return "winsize=%dx%d " % (size.lines, size.columns)


def debugcon(name, port, chardev):
    return ["-chardev", "%s,id=%s" % (chardev, name),
            "-device", "isa-debugcon,iobase=%#x,chardev=%s" % (port, name)]


def quote(path):
    """A path as an option's value: QEMU doubles commas."""
    return path.replace(",", ",,")


def die_with_parent():
    """Runs in the child: QEMU must not outlive the tool."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    # ctrl-C is for the tool, which then ends QEMU.
    os.setpgid(0, 0)


class Machine:
    """A QEMU with its output channels as pipes and inputs as sockets."""

    def __init__(self, kernel, smp="1", mem="512M", icount=False):
        self.args = base_args(kernel, smp, mem, icount)
        self.dir = tempfile.mkdtemp(prefix="pando-")
        self.log_path = os.path.join(self.dir, "kernel.log")
        self.err_path = os.path.join(self.dir, "qemu.err")
        self.pass_fds = []
        self.process = None

    def set_image(self, data, cmdline):
        path = os.path.join(self.dir, "initrd")
        with open(path, "wb") as f:
            f.write(data)
        self.args += ["-initrd", path, "-append", cmdline]

    def set_log(self, path=None):
        if path is not None:
            self.log_path = path
        try:
            with open(self.log_path, "wb"):
                pass
        except OSError as e:
            raise Fail("%s: %s" % (self.log_path, e.strerror)) from e
        self.args += debugcon("log", PORT_LOG,
                              "file,path=" + quote(self.log_path))

    def output(self, name, port):
        """Reading end of what the guest writes to @port."""
        reader, writer = os.pipe()
        self.pass_fds.append(writer)
        self.args += debugcon(name, port, "file,path=/dev/fd/%d" % writer)
        return reader

    def serial(self, name):
        """Our end of the next serial line."""
        ours, theirs = socket.socketpair()
        self.pass_fds.append(theirs.detach())
        self.args += ["-chardev", "socket,id=%s,fd=%d" %
                      (name, self.pass_fds[-1]), "-serial", "chardev:" + name]
        ours.setblocking(False)
        return ours

    def start(self):
        try:
            with open(self.err_path, "wb") as err:
                self.process = subprocess.Popen(
                    self.args, stdin=subprocess.DEVNULL, stdout=err,
                    stderr=err, pass_fds=self.pass_fds,
                    preexec_fn=die_with_parent)
        except OSError as e:
            raise Fail("%s: %s; run tools/deps.sh" % (QEMU, e.strerror),
                       STATUS_NO_START) from e
        for fd in self.pass_fds:
            os.close(fd)
        self.pass_fds = []

    def qemu_errors(self):
        try:
            with open(self.err_path, encoding="utf-8", errors="replace") as f:
                return f.read().strip()
        except OSError:
            return ""

    def kernel_log(self):
        try:
            with open(self.log_path, encoding="utf-8", errors="replace") as f:
                return f.read()
        except OSError:
            return ""

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def close(self):
        self.kill()
        shutil.rmtree(self.dir, ignore_errors=True)
