# SPDX-License-Identifier: MIT
"""A booted Pando on a pseudo-terminal, used as a person would use it.

Nothing here sleeps for a fixed time: every wait is for text, bounded by a
limit that only a failure reaches.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.realpath(__file__))))
PROMPT = re.compile(rb"root@pando:[^\r\n]*[#$] (\x1b\[6n|\x1b\[J)*")
LIMIT = float(os.environ.get("TTY_LIMIT", "10"))
CTRL_C, CTRL_D, CTRL_S, CTRL_Q, CTRL_Z = "\x03", "\x04", "\x13", "\x11", "\x1a"
UP, LEFT = "\x1b[A", "\x1b[D"


class Lost(Exception):
    """What was waited for did not come."""


class Guest:
    def __init__(self, *options, rows=33, columns=101):
        self.seen = b""     # everything that came
        self.at = 0         # where the next expect() looks
        self.status = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(TOP)
            size = struct.pack("HHHH", rows, columns, 0, 0)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            modes = termios.tcgetattr(0)
            modes[1] &= ~termios.ONLCR  # the guest's bytes as they are
            termios.tcsetattr(0, termios.TCSANOW, modes)
            os.execv("tools/pando", ["tools/pando", "boot"] + list(options))

    def _read(self, seconds):
        """More bytes; False at the end."""
        ready, _, _ = select.select([self.fd], [], [], max(seconds, 0))
        if not ready:
            return True
        try:
            got = os.read(self.fd, 65536)
        except OSError:
            got = b""
        if os.environ.get("TTY_SHOW"):
            sys.stderr.buffer.write(got)
            sys.stderr.buffer.flush()
        self.seen += got
        return got != b""

    def expect(self, pattern, limit=LIMIT):
        """Waits for @pattern; the text up to its end."""
        if isinstance(pattern, str):
            pattern = re.escape(pattern.encode())
        wanted = re.compile(pattern)
        end = time.monotonic() + limit
        more = True
        while True:
            found = wanted.search(self.seen, self.at)
            if found:
                text = self.seen[self.at:found.end()]
                self.at = found.end()
                return text.decode(errors="replace")
            left = end - time.monotonic()
            if left <= 0 or not more:
                raise Lost("no %r in %r" % (wanted.pattern,
                                            self.seen[self.at:][-700:]))
            more = self._read(left)

    def send(self, text):
        """Types; takes what comes meanwhile, so that neither side blocks."""
        data = text.encode() if isinstance(text, str) else text
        end = time.monotonic() + LIMIT
        while data:
            readable, writable, _ = select.select([self.fd], [self.fd], [],
                                                  end - time.monotonic())
            if readable:
                self._read(0)
            if writable:
                data = data[os.write(self.fd, data[:512]):]
            if time.monotonic() >= end:
                raise Lost("it does not take what is typed")

    def prompt(self, limit=LIMIT):
        return self.expect(PROMPT.pattern, limit)

    def sh(self, line, limit=LIMIT):
        """Runs a line; (status, output).  The mark is computed by the shell,
        so its echo is not taken for it."""
        self.send(line + "; echo =$?\"\"=\r")
        self.expect(rb"\r\n", limit)
        text = self.expect(rb"=\d+=\r\n", limit)
        self.prompt(limit)
        body, _, status = text.rstrip().rstrip("=").rpartition("=")
        return int(status), body.replace("\r\n", "\n")

    def press(self, key, pattern=PROMPT.pattern, limit=LIMIT):
        """Presses @key until @pattern comes, as one does at a keyboard when
        the program may not have started yet."""
        end = time.monotonic() + limit
        while True:
            self.send(key)
            try:
                return self.expect(pattern, 0.5)
            except Lost:
                if time.monotonic() >= end:
                    raise

    def quiet(self, seconds):
        """Bytes that come within @seconds: for proving that none do."""
        before = len(self.seen)
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._read(end - time.monotonic()):
            pass
        return len(self.seen) - before

    def ended(self, limit=LIMIT):
        """The status of the machine, once it ends by itself."""
        end = time.monotonic() + limit
        while time.monotonic() < end and self._read(end - time.monotonic()):
            pass
        while self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid != 0:
                self.status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() >= end:
                raise Lost("the machine does not end: %r" % self.seen[-300:])
            else:
                select.select([], [], [], 0.01)
        return self.status

    def close(self):
        os.close(self.fd)
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)


class Tap:
    """Points in the style of tests/lib/tap.h: the plan comes last."""

    def __init__(self):
        self.points = self.failed = 0

    def ok(self, good, name, detail=""):
        self.points += 1
        if not good:
            self.failed += 1
        print("%sok %d - %s" % ("" if good else "not ", self.points, name))
        if not good and detail != "":
            for line in str(detail).splitlines()[-12:]:
                print("# " + line)
        sys.stdout.flush()
        return good

    def end(self):
        print("1..%d" % self.points)
        return 1 if self.failed or not self.points else 0
