# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# set -e, -u, -x, -n, pipefail.
sh -c 'set -e; echo a; false; echo b'; echo "status $?"
sh -c 'set -e; if false; then :; fi; false || true; ! true; echo ok'; echo "status $?"
sh -c 'set -e; f() { false; echo in; }; f; echo out'; echo "status $?"
sh -c 'set -e; x=$(false); echo b'; echo "status $?"
sh -c 'set -u; echo "$nothing"; echo b'; echo "status $?"
sh -c 'set -x; echo a; y=1; echo "b $y"' 2>&1
sh -n -c 'echo not run'; echo "status $?"
sh -c 'set -o pipefail; false | true; echo $?'
sh -c 'echo "unclosed'; echo "status $?"
sh -c 'if true; then'; echo "status $?"
sh -c 'for'; echo "status $?"
sh -e -c 'false; echo no'; echo "status $?"
echo 'echo from stdin $1' | sh -s arg
sh -c 'echo $0 $1' zero one
sh missing-script; echo "status $?"
