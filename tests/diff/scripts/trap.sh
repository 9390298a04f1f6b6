# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# trap: EXIT, signals, reset, in subshells, order.
trap 'echo usr1' USR1; kill -USR1 $$; echo after
trap 'echo term; x=1' TERM; kill -TERM $$; echo "x $x"
trap - TERM
trap '' HUP; kill -HUP $$; echo ignored
sh -c 'kill -HUP $$; echo "child ignores it too"'
trap - HUP
(trap 'echo sub exit' EXIT; echo in sub)
(trap 'echo exit $?' EXIT; exit 4); echo "status $?"
sh -c 'trap "echo bye" EXIT; kill -TERM $$'; echo "status $?"
sh -c 'trap "echo caught; exit 6" TERM; kill -TERM $$; echo not here'; echo "status $?"
sh -c 'trap "echo int" INT; kill -INT $$; echo went on'; echo "status $?"
trap 'echo chld-usr2' USR2
(kill -USR2 $$); echo parent
trap
trap - USR1 USR2
sh -c 'trap "echo a" EXIT; trap "echo b" EXIT; trap - EXIT; echo c'
sleep 1000 & s=$!
trap 'kill $s; echo handled' USR1
(kill -USR1 $$) &
wait $s 2> /dev/null; echo "wait over"
wait 2> /dev/null
trap 'echo last words' EXIT
