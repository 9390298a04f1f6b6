# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# Pipelines: order, statuses, many stages, early ends.
echo one | cat
printf 'b\na\nc\n' | sort | tr a-z A-Z | cat -n
echo deep | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat
true | false; echo "status $?"
false | true; echo "status $?"
! true | false; echo "status $?"
exit 3 | exit 5; echo "status $?"
seq 1000000 | head -n 3
yes | head -n 4 | wc -l
seq 20000 | tail -n 1
seq 20000 | wc -c
{ echo to-stdout; echo to-stderr >&2; } 2>&1 | sort
echo x | { read -r a; echo "read $a"; }
seq 5 | while read -r n; do echo "line $n"; done
printf 'a\nb\n' | (read -r p; read -r q; echo "$q$p")
