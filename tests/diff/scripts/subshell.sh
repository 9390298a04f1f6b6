# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# Subshells, groups, exit statuses, exec.
(exit 5); echo "status $?"
x=1; (x=2; echo "in $x"); echo "out $x"
{ x=3; echo "in $x"; }; echo "out $x"
(cd / && pwd); [ "$(pwd)" != / ] && echo still here
(exec sh -c 'exit 8'); echo "status $?"
(exec missing-command); echo "status $?"
missing-command; echo "status $?"
./missing; echo "status $?"
echo text > noexec; ./noexec; echo "status $?"
mkdir d; ./d; echo "status $?"
echo 'echo run by sh $#' > script; chmod +x script; ./script a b; echo "status $?"
printf '#!/no/such\n' > bad; chmod +x bad; ./bad; echo "status $?"
false; echo "status $?"; true; echo "status $?"
false || echo or; true && echo and; ! false; echo "status $?"
(umask 077; umask); umask
sh -c 'exit 300'; echo "status $?"
f() { return 4; }; f; echo "status $?"
sh -c 'kill -9 $$'; echo "status $?"
sh -c 'kill -SEGV $$'; echo "status $?"
(set -e; false; echo not reached); echo "status $?"
eval 'exit_status() { return 6; }'; exit_status; echo "status $?"
exit 17
