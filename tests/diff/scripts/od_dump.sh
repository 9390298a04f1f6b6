# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# od, hexdump, strings, xxd.
printf 'hello\0\n\tworld\377' > t
od t; od -c t; od -x t; od -A n -t x1 t; od -b t
hexdump -C t
xxd t
strings t
head -c 64 /dev/zero | od
seq 20 | hexdump -C | tail -n 2
xxd -p t | xxd -r -p | cmp - t && echo same
