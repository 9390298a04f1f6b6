# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# Scripts that run scripts: #!, source, arguments, exit through layers.
printf '#!/bin/busybox sh\necho "one: $# $*"\nexit 11\n' > one; chmod +x one
./one a 'b c'; echo "status $?"
printf '#!/bin/busybox sh\nset -u\necho "$1"\necho "$nothing"\n' > two; chmod +x two
./two arg 2> /dev/null; echo "status $?"
printf 'echo sourced $#; v=set; return 3\n' > three
. ./three; echo "status $? $v"
printf '#!/bin/busybox cat\nprints itself\n' > six; chmod +x six; ./six
printf '#!./one\nnever read\n' > seven; chmod +x seven; ./seven z; echo "status $?"
mkdir bin; cp one bin; (PATH=$PWD/bin:$PATH; one x; echo "status $?")
sh ./two direct 2>&1; echo "status $?"
. ./missing; echo not reached
