# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# Background jobs and wait: statuses by pid, all at once, unknown ones.
(exit 3) & wait $!; echo "status $?"
(exit 0) & a=$!
(exit 7) & b=$!
wait $b; echo "b $?"
wait $a; echo "a $?"
wait 999999; echo "unknown $?"
wait; echo "none $?"
for i in 1 2 3 4 5; do (echo "job $i" > "j$i") & done
wait; cat j1 j2 j3 j4 j5
sleep 1000 & p=$!
kill $p; wait $p 2> /dev/null; echo "killed $?"
{ read -r x < /dev/null; echo "read $?"; } & wait
cat & wait $!; echo "cat $?"
(sleep 0; exit 9) & wait $!; echo "nine $?"
mkfifo p; (read -r x < p; exit "$x") & w=$!
echo 42 > p; wait $w; echo "fifo $?"
[ "$!" = "$w" ] && echo same
(: & wait; echo inner) & wait
