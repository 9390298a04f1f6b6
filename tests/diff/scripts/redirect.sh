# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# Redirections of every kind.
echo first > f; cat f
echo second >> f; cat f
echo third > f; cat f
cat < f
cat < missing; echo "status $?"
echo err >&2 2> e; cat e
{ echo out; echo err >&2; } > o 2> e; cat o; cat e
{ echo out; echo err >&2; } > both 2>&1; cat both
{ echo out; echo err >&2; } 2>&1 > only | sed 's/^/piped /'; cat only
ls missing 2> /dev/null; echo "status $?"
: > empty; wc -c < empty
echo data | cat - f
set -C; (echo no > f); echo "status $?"; echo yes >| f; cat f; set +C
(echo "to closed" >&-) 2> /dev/null; echo "status $?"
cat <&- 2> /dev/null; echo "status $?"
echo in > d/x; echo "status $?"
mkdir d; (echo in > d); echo "status $?"
for i in 1 2 3; do echo "$i"; done > loop; cat loop
while read -r x; do echo "got $x"; done < loop
echo appended 1>> loop; tail -n 1 loop
> bare; ls bare
