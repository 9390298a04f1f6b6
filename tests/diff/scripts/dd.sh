# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# dd: blocks, skip, seek, conversions, counts.
seq 1000 > t
dd if=t bs=1 count=4 2> /dev/null
dd if=t bs=2 skip=1 count=3 2> /dev/null
dd if=t of=o bs=512 2>&1 | head -n 2
cmp t o && echo same
printf XY | dd of=o bs=1 seek=4 conv=notrunc 2> /dev/null; head -c 12 o; cmp t o
printf XY | dd of=o bs=1 seek=4 2> /dev/null; wc -c < o
dd if=/dev/zero of=z bs=4096 count=10 2> /dev/null; wc -c < z
dd if=/dev/zero of=sparse bs=1 count=0 seek=1000000 2> /dev/null; wc -c < sparse
seq 50000 | dd bs=64k 2> /dev/null | md5sum
seq 50000 | md5sum
dd if=missing 2> /dev/null; echo "status $?"
echo abcd | dd conv=swab 2> /dev/null
dd if=/dev/zero bs=1000 count=3 2> /dev/null | od -A d
dd if=/dev/zero of=/dev/full bs=10 count=1 2> /dev/null; echo "status $?"
