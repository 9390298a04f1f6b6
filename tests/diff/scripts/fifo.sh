# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# Named pipes between shell jobs.
mkfifo p q
cat p & echo through > p; wait
(while read -r l; do echo "server: $l"; done < p > q) &
exec 3> p; exec 4< q
echo one >&3; echo two >&3; exec 3>&-
cat <&4; wait
seq 2000 > p & md5sum < p; wait
seq 2000 | md5sum
for i in 1 2 3; do echo "writer $i" > p & read -r l < p; echo "$l"; wait; done
tee p < /dev/null > /dev/null & cat p; wait; echo done
ls -F
