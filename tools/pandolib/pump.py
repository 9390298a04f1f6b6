# SPDX-License-Identifier: MIT
"""Carries bytes between the caller and the guest while a job runs."""
import os
import select
import time

CHUNK = 65536
# When neither "ready" nor any output came: the kernel is up by then.
READY_SECONDS = 3.0
# From the job's status to QEMU's own end.
GRACE_SECONDS = 5.0


def write_all(fd, data):
    while data:
        data = data[os.write(fd, data):]


def frames(data):
    """A length byte and as many bytes, for each 255 of them."""
    out = bytearray()
    for i in range(0, len(data), 255):
        piece = data[i:i + 255]
        out.append(len(piece))
        out += piece
    return bytes(out)


class Input:
    """The caller's descriptor to a serial line, framed or raw."""

    def __init__(self, fd, line, framed, escape=False):
        self.fd, self.line, self.framed = fd, line, framed
        self.escape, self.escaped = escape, False
        self.pending = b""
        self.eof = False
        self.open = False  # the guest listens
        self.quit = False

    def wants_read(self):
        return self.open and not self.eof and len(self.pending) < CHUNK

    def read(self):
        try:
            data = os.read(self.fd, 16384)
        except OSError:
            data = b""
        if not data:
            self.eof = True
            # A terminal's end of input is ctrl-D.
            self.pending += b"\0" if self.framed else b"\x04"
        elif self.framed:
            self.pending += frames(data)
        else:
            self.pending += self.filter(data) if self.escape else data

    def filter(self, data):
        """ctrl-A x leaves; ctrl-A ctrl-A is one ctrl-A."""
        out = bytearray()
        for byte in data:
            if self.escaped:
                self.escaped = False
                if byte in b"xX":
                    self.quit = True
                elif byte == 1:
                    out.append(1)
                else:
                    out += bytes((1, byte))
            elif byte == 1:
                self.escaped = True
            else:
                out.append(byte)
        return bytes(out)

    def send(self):
        try:
            self.pending = self.pending[self.line.send(self.pending):]
        except BlockingIOError:
            pass
        except OSError:
            self.pending, self.eof = b"", True


class Pump:
    """The event loop of one run.  After run(): status is what the control
    channel said ("exit", n), ("signal", n) or None; panicked, timed_out."""

    def __init__(self, machine, control, outputs, source):
        self.machine, self.control = machine, control
        self.outputs = dict(outputs)  # reading fd -> caller's fd
        self.source = source
        self.lines = b""
        self.status = None
        self.panicked = self.timed_out = False
        self.live = set(self.outputs) | {control}

    def control_line(self, line):
        words = line.decode("ascii", "replace").split()
        if words[:1] == ["ready"]:
            self.source.open = True
        elif words[:1] == ["panic"]:
            self.panicked = True
        elif len(words) == 2 and words[0] in ("exit", "signal") and \
                words[1].isdigit() and self.status is None:
            self.status = (words[0], int(words[1]))

    def receive(self, fd):
        try:
            data = os.read(fd, CHUNK)
        except BlockingIOError:
            return
        if not data:
            self.live.discard(fd)
        elif fd == self.control:
            self.lines += data
            *whole, self.lines = self.lines.split(b"\n")
            for line in whole:
                self.control_line(line)
        else:
            self.source.open = True
            write_all(self.outputs[fd], data)

    def poll(self, wait):
        s = self.source
        events = {fd: select.POLLIN for fd in self.live}
        if s.wants_read():
            events[s.fd] = select.POLLIN
        line = s.line.fileno()
        if s.pending:
            # A line that is read as well has one entry for both.
            events[line] = events.get(line, 0) | select.POLLOUT
        p = select.poll()
        for fd, mask in events.items():
            p.register(fd, mask)
        for fd, seen in p.poll(max(0, wait) * 1000):
            if fd == line and seen & ~select.POLLIN and s.pending:
                s.send()
            if fd in self.live and seen & ~select.POLLOUT:
                self.receive(fd)
            elif fd == s.fd:
                s.read()

    def run(self, timeout):
        start = time.monotonic()
        end = start + timeout if timeout else None
        while self.live and not self.source.quit:
            now = time.monotonic()
            if end is not None and now >= end:
                self.timed_out = self.status is None
                return
            if not self.source.open and now - start >= READY_SECONDS:
                self.source.open = True
            done = self.status is not None or self.panicked
            if done and (end is None or end - now > GRACE_SECONDS):
                end = now + GRACE_SECONDS
            wait = 0.5 if end is None else min(0.5, end - now)
            self.poll(wait)
