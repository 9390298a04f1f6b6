# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# tee, sleep, usleep, yes, which and other odds and ends.
echo x | tee a b; cat a b
sleep 0; echo "status $?"; sleep bad; echo "status $?"
usleep 1000; echo "status $?"
which sh | sed 's/.*\///'; which no-such; echo "status $?"
date -u -d @0 '+%Y-%m-%d %H:%M:%S'; date -u -d '2024-02-29 12:00' +%s; date -u -d @1700000000
cal 2 2024
echo 'a b c' | { read -r x y z; echo "$z$y$x"; }
seq 9 | shuf | sort -n | tr '\n' ' '; echo
tty; echo "status $?"
cat /etc/no-such; echo "status $?"
echo input | cat - /dev/null; cat /dev/null
printf 'k v\n' | while read -r k v; do echo "$v=$k"; done
uuencode a name < a | uudecode -o c; cat c
echo text | md5sum | cut -d' ' -f1
timeout 1000 sh -c 'exit 5'; echo "timeout $?"
