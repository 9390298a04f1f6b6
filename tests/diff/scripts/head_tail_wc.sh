# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# head, tail, wc, tac, rev, nl.
seq 20 > t
head t | tail -n 1
head -n 3 t
head -c 7 t
tail -n 2 t
tail -n +18 t
tail -c 5 t
wc t
wc -l < t
wc -w t
wc -c t t
printf 'no newline' | wc -l
tac t | head -n 2
echo hello | rev
head -n 2 t | nl
head -q -n 1 t t
head -n 1 t missing; echo "status $?"
echo abcdefgh | fold -w 3
printf 'a\tb\n' | expand
paste t t | head -n 2
seq 3 | paste -s -d, -
