#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""run.py [WORD]: the shell on the console, used by hand as it were.

Boots `tools/pando boot` (what `make run` ends with) on a pseudo-terminal and
types.  Prints TAP; the status is 1 when a point failed.  With WORD only the
sections whose name has it.  TTY_SHOW=1 shows the terminal on stderr.
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from applets import APPLETS
from guest import (CTRL_C, CTRL_D, CTRL_Q, CTRL_S, CTRL_Z, LEFT, UP, Guest,
                   Lost, PROMPT, Tap)

SPIN = "while :; do :; done"


def says(g, tap, name, line, *words, status=0):
    """A point: @line has @status and its output has all of @words."""
    got, text = g.sh(line)
    tap.ok(got == status and all(w in text for w in words), name,
           "status %d\n%s" % (got, text))
    return text


def typed(g, tap, name, keys, expected):
    """A point: @keys, then return, give a line that is exactly @expected."""
    g.send(keys + "\r")
    try:
        g.expect(rb"\r\n" + expected.encode() + rb"\r\n")
        g.prompt()
        tap.ok(True, name)
    except Lost as e:
        tap.ok(False, name, e)
        g.send(CTRL_C)
        g.prompt()


# --- sections: each finds the guest at the prompt and leaves it there ---

def banner(g, tap):
    text = g.seen.decode(errors="replace")
    tap.ok("poweroff" in text and "ctrl-A x" in text,
           "the banner names the way out", text)
    tap.ok(all(w in text for w in ("ps;", "awk", "ctrl-Z, bg")),
           "the banner names three things to try", text)
    says(g, tap, "the size of this window", "stty size", "33 201")
    says(g, tap, "tty names the console", "tty", "/dev/console")
    says(g, tap, "the terminal has a name", "[ -t 0 ] && echo $TERM", "linux")


def editing(g, tap):
    typed(g, tap, "left arrow", "echo abd" + LEFT + "c", "abcd")
    typed(g, tap, "backspace", "echo abx\x7fc", "abc")
    typed(g, tap, "ctrl-A", "def\x01\x01echo abc", "abcdef")
    typed(g, tap, "ctrl-E", "ho ab\x01\x01ec\x05c", "abc")
    typed(g, tap, "ctrl-U", "rubbish\x15echo clean", "clean")
    typed(g, tap, "ctrl-W", "echo one two\x17three", "one three")
    typed(g, tap, "ctrl-K", "echo a b" + LEFT * 2 + "\x0b", "a")
    g.sh("echo first-line")
    typed(g, tap, "up arrow", UP, r"first-line\r\n=0=")
    typed(g, tap, "up arrow twice, edited", UP * 2 + "\x15echo new", "new")
    typed(g, tap, "tab completes a file", "cat /etc/hostn\t", "pando")
    typed(g, tap, "tab completes a command", "hostna\t", "pando")
    g.send("echo half a line" + CTRL_C)
    g.prompt()
    tap.ok(True, "ctrl-C drops the line")
    long = "x" * 1000
    typed(g, tap, "a line of 1,000", "echo " + long + "| wc -c", "1001")


def interrupts(g, tap):
    for name, line in (("sleep", "sleep 100"), ("a loop", SPIN),
                       ("cat", "cat"), ("a pipe", "yes | cat >/dev/null")):
        g.send(line + "\r")
        g.expect("\r\n")
        g.press(CTRL_C)
        says(g, tap, "ctrl-C ends " + name, "echo was $?", "was 130")
    g.send("yes\r")
    g.expect("y\r\ny\r\n")
    g.send(CTRL_C)
    g.prompt()
    tap.ok(True, "ctrl-C ends a flood")
    g.send("sleep 100\r")
    g.expect("\r\n")
    g.press("\x1c")
    says(g, tap, "ctrl-backslash", "echo was $?", "was 131")
    typed(g, tap, "a trap catches it",
          "sh -c 'trap \"echo caught; exit\" INT; kill -INT $$'", "caught")


def flow(g, tap):
    g.send("yes stream\r")
    g.expect("stream\r\nstream\r\n")
    g.send(CTRL_S)
    while g.quiet(0.3) != 0:
        pass
    tap.ok(True, "ctrl-S stops the output")
    g.at = len(g.seen)
    g.send(CTRL_Q)
    g.expect("stream\r\nstream\r\n")
    tap.ok(True, "ctrl-Q lets it go on")
    g.send(CTRL_C)
    g.prompt()


def jobs(g, tap):
    g.send("sleep 100\r")
    g.expect("\r\n")
    g.press(CTRL_Z, rb"Stopped")
    g.prompt()
    tap.ok(True, "ctrl-Z stops")
    says(g, tap, "jobs lists it", "jobs", "Stopped", "sleep 100")
    says(g, tap, "bg", "bg", "sleep 100")
    says(g, tap, "it runs", "jobs", "Running")
    g.send("fg\r")
    g.expect("sleep 100\r\n")
    g.press(CTRL_C)
    says(g, tap, "fg, ctrl-C: no job is left", "jobs | wc -l", "0\n")
    says(g, tap, "&", "sleep 100 & :")
    says(g, tap, "kill %1", "kill %1; wait %1; echo is $?", "is 143")
    says(g, tap, "wait", "(exit 7) & wait $!; echo is $?", "is 7")
    says(g, tap, "kill -STOP, kill -CONT", "sleep 100 & kill -STOP $!; "
         "ps -o pid,stat | grep \"^ *$! \"; kill -CONT $!; "
         "ps -o pid,stat | grep \"^ *$! \"; kill -9 $!", " T", " S")
    g.sh("wait")
    g.send("cat &\r")
    g.prompt()
    g.press("\r", rb"Stopped \(tty input\)")
    g.prompt()
    tap.ok(True, "reading in the background stops")
    g.send("fg\r")
    g.expect("\r\ncat\r\n")
    g.send("hello\r")
    g.expect("hello\r\nhello\r\n")
    g.send(CTRL_D)
    g.prompt()
    tap.ok(True, "ctrl-D ends cat")
    g.send("echo go; cat\r")
    g.expect("\ngo\r\n")
    g.send("before\r")
    g.expect("before\r\nbefore\r\n")
    g.send(CTRL_Z)
    g.expect("Stopped")
    g.prompt()
    g.send("fg\r")
    g.expect("cat\r\n")
    g.send("after\r")
    g.expect("after\r\nafter\r\n")
    g.send(CTRL_C)
    g.prompt()
    tap.ok(True, "a reader stopped at the keyboard reads on after fg")


def nested(g, tap):
    g.send("echo go; yes | cat >/dev/null\r")
    g.expect("\ngo\r\n")
    g.press(CTRL_Z, rb"Stopped")
    g.prompt()
    says(g, tap, "ctrl-Z stops a pipe", "jobs", "Stopped", "yes")
    g.send("fg\r")
    g.expect("\r\n")
    g.press(CTRL_C)
    says(g, tap, "fg, ctrl-C end all of it", "ps | grep -c '[y]es'", "0",
         status=1)
    g.send("sh\r")
    g.expect("~ # ")
    g.send("echo go; sleep 100\r")
    g.expect("\ngo\r\n")
    g.press(CTRL_Z, rb"Stopped")
    g.expect("~ # ")
    g.send("exit\r")
    g.expect("stopped jobs")
    g.expect("~ # ")
    g.send("kill -9 %1\r")
    g.expect("~ # ")
    g.send("exit\r")
    g.prompt()
    says(g, tap, "a shell in the shell", "jobs | wc -l", "0\n")
    g.send("su nobody -s /bin/sh\r")
    g.expect(r"$ ")
    g.send("id -u; tty; sleep 100\r")
    g.expect("\n65534\r\n/dev/console\r\n")
    g.press(CTRL_C, rb"\$ ")
    g.send("exit\r")
    g.prompt()
    tap.ok(True, "somebody else's shell")
    g.send("for i in 1 2 3; do echo go $i; sleep 100; done\r")
    g.expect("\ngo 1\r\n")
    g.press(CTRL_C)
    tap.ok("go 2" not in g.seen[-200:].decode(), "ctrl-C ends a loop")
    g.send("(sleep 1; echo from behind) &\r")
    g.prompt()
    g.send("echo ty")
    g.expect("from behind")
    g.send("ped\r")
    g.expect("\ntyped\r\n")
    g.prompt()
    tap.ok(True, "output in the background while typing")


def shell(g, tap):
    says(g, tap, "pipes", "seq 100 | grep 7 | sort -rn | head -1", "97")
    says(g, tap, "redirection", "echo a >/tmp/r; echo b >>/tmp/r; "
         "cat </tmp/r; ls /no 2>/dev/null; cat /tmp/r | wc -l", "a\nb\n2\n")
    g.send("cat <<END\r")
    g.expect("> ")
    g.send("six $((2 * 3))\r")
    g.expect("> ")
    g.send("END\r")
    g.expect("six 6\r\n")
    g.prompt()
    tap.ok(True, "a here-document")
    says(g, tap, "a script with #!", "printf '#!/bin/sh\\necho $0 $1\\n' "
         ">/tmp/s; chmod +x /tmp/s; /tmp/s arg", "/tmp/s arg")
    says(g, tap, "awk as a script", "printf '#!/usr/bin/awk -f\\nBEGIN { print "
         "1+1 }\\n' >/tmp/a; chmod +x /tmp/a; /tmp/a", "2\n")
    says(g, tap, "no such command", "nonsense", "not found", status=127)
    says(g, tap, "a directory is no command", "/tmp", "ermission denied",
         status=126)


def programs(g, tap):
    g.send("vi /tmp/v\r")
    g.expect("/tmp/v")
    g.send("ihello from vi\x1b")
    g.expect("hello from vi")
    g.send(":wq\r")
    g.prompt()
    says(g, tap, "vi inserts and writes", "cat /tmp/v", "hello from vi\n")
    g.send("seq 1000 | less\r")
    g.expect("\x1b[K30\r")
    g.send(" ")
    g.expect("\x1b[K60\r")
    g.send("q")
    g.prompt()
    tap.ok(True, "less: space and q")
    g.send("top\r")
    g.expect("Mem:")
    g.expect("COMMAND")
    g.send("q")
    g.prompt()
    tap.ok(True, "top and q")
    g.send("top -d 1\r")
    for _ in range(2):
        g.expect("COMMAND")
    g.send(CTRL_C)
    g.prompt()
    tap.ok(True, "top refreshes")
    g.send("watch -n 1 cat /proc/uptime\r")
    g.expect(r"Every 1")
    g.expect(rb"\d+\.\d\d \d+\.\d\d")
    g.press(CTRL_C)
    tap.ok(True, "watch")


def modes(g, tap):
    g.send("stty raw -echo; echo ready; dd bs=1 count=3 2>/dev/null | "
           "od -c; stty sane\r")
    g.expect(rb"\nready")
    g.send("a\x03\r")
    g.expect(rb"a 003  *\\r")
    g.prompt()
    tap.ok(True, "stty raw -echo")
    g.send("stty -echo; read x; stty echo; echo got $x\r")
    g.expect("\r\n")
    g.send("secret\r")
    text = g.expect("got secret")
    tap.ok(text.count("secret") == 1, "stty -echo hides", text)
    g.prompt()
    says(g, tap, "stty -icanon min 0 time 2", "stty -icanon min 0 time 2; "
         "dd bs=9 count=1 2>/dev/null | wc -c; stty sane", "0\n")
    says(g, tap, "read -t", "read -t 1 x; echo is $?", "is 1")
    g.send("sh -c 'trap \"echo winch; exit\" WINCH; stty rows 40 cols 100; "
           ":'\r")
    g.expect("\nwinch")
    g.prompt()
    tap.ok(True, "SIGWINCH")
    says(g, tap, "the size changes", "stty size", "40 100")
    g.sh("stty rows 33 cols 201")
    says(g, tap, "stty -a", "stty -a", "speed 115200", "intr = ^C", "ixon")


def lengths(g, tap):
    g.send("stty -echo; echo ready; cat >/tmp/long; stty echo\r")
    g.expect("\nready")
    g.send(b"a" * 4000 + b"\r" + CTRL_D.encode())
    g.prompt()
    says(g, tap, "a line of 4,000 for a program", "wc -c </tmp/long", "4001")
    lines = b"".join(b"line %d %s\r" % (1000 + i, b"." * 60) for i in range(150))
    g.send("cat >/tmp/paste\r")
    g.expect("\r\n")
    g.send(lines + CTRL_D.encode())
    g.expect("line 1149")
    g.prompt()
    says(g, tap, "a paste of 10 KB", "wc </tmp/paste; "
         "awk '{ if ($2 != NR + 999 || length != 70) print \"bad\", NR }' "
         "/tmp/paste | wc -l", "%d" % len(lines), "\n0\n")
    g.send("".join("echo pasted %d\r" % i for i in range(60)))
    g.expect(rb"\npasted 59\r\n")
    g.prompt()
    tap.ok(True, "a paste of 60 commands")
    says(g, tap, "much output is whole", "seq 3000 | tail -n 2500 | tee "
         "/tmp/o | awk '{ s += $1 } END { print NR, s }'; wc -l </tmp/o",
         "2500 4376250", "2500\n")
    got, text = g.sh("seq 3000")
    tap.ok(text == "".join("%d\n" % (i + 1) for i in range(3000)),
           "3,000 lines on the screen, none lost", text[-200:])


def applets(g, tap):
    g.sh("mkdir -p /tmp/t; cd /tmp/t; printf 'b 2\\na 1\\nc 3\\n' >f")
    for name, line, *words in APPLETS:
        says(g, tap, name, line, *words)
    g.sh("cd; rm -rf /tmp/t")


def logout(g, tap):
    for name, keys in (("exit", "exit\r"), ("ctrl-D", CTRL_D)):
        first = g.sh("echo $$")[1].strip()
        g.send(keys)
        g.expect("ash")
        g.prompt()
        second = g.sh("echo $$")[1].strip()
        tap.ok(first != second, "a new shell after " + name,
               "%s %s" % (first, second))
        says(g, tap, "it has job control", "set -o | grep monitor", "on")


SECTIONS = (banner, editing, interrupts, flow, jobs, nested, shell, programs, modes,
            lengths, applets, logout)


# --- whole machines ---

def ends(tap, name, keys, options=(), before=None):
    """Boots, types @keys, and the machine ends with status 0."""
    g = Guest(*options)
    try:
        g.prompt()
        if before is not None:
            before(g)
        g.send(keys)
        status = g.ended(10)
        tap.ok(status == 0, name, "status %d" % status)
    except Lost as e:
        tap.ok(False, name, e)
    finally:
        g.close()


def machines(tap):
    def four(g):
        says(g, tap, "CPUS=4 MEM=1G", "free -m | awk '/Mem/ { print ($2 > "
             "700) }'; seq 50 | wc -l", "1\n50")

    def little(g):
        says(g, tap, "24M", "for i in 1 2 3; do ls -lR / 2>/dev/null | "
             "wc -l >/dev/null; done; echo fine", "fine")
        g.send("halt\r")
        g.expect("System halted")

    def busy(g):
        g.send("sleep 999 & (trap '' TERM HUP; sleep 999) & " + SPIN + " &\r")
        g.expect("\r\n")
        g.prompt()

    ends(tap, "reboot ends the machine", "reboot\r",
         ["--smp", "4", "--mem", "1G"], four)
    ends(tap, "halt, and ctrl-A x ends it", "\x01x", ["--mem", "24M"],
         little)
    ends(tap, "poweroff with busy jobs ends it", "poweroff\r", (), busy)


def sections(tap, word):
    g = None
    for section in SECTIONS:
        if word not in "tty/" + section.__name__:
            continue
        try:
            if g is None:
                g = Guest(rows=33, columns=201)
                g.prompt()
            section(g, tap)
        except Lost as e:
            tap.ok(False, section.__name__, e)
            g.close()
            g = None
    if g is None:
        return
    try:
        g.send("poweroff\r")
        status = g.ended(10)
        tap.ok(status == 0, "poweroff ends with 0", "status %d" % status)
    except Lost as e:
        tap.ok(False, "poweroff ends with 0", e)
    g.close()


def main():
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    tap = Tap()
    sections(tap, word)
    if word in "tty/machines":
        machines(tap)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
