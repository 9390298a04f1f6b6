# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# Variables: export, env, unset, defaults, local to one command.
a=1; export b=2
sh -c 'echo "[$a] [$b]"'
a=3 sh -c 'echo "[$a]"'; echo "$a"
env -i x=1 "$(which env)" | sort
env -i PATH="$PATH" sh -c 'echo "${HOME-unset}"'
unset b; sh -c 'echo "${b-unset}"'
echo "${c-default}" "${c:-empty too}" "${c:=assigned}" "$c" "${c+set}"
v=hello.tar.gz; echo "${v%.gz}" "${v%%.*}" "${v#*.}" "${v##*.}" "${#v}"
(: "${nothing:?is missing}"); echo "status $?"
readonly r=1; (r=2); echo "status $?"
set -- one 'two three' four; echo $# "$1" "$2" "$*"; shift; echo $# "$1"
for i in "$@"; do echo "[$i]"; done
for i in $*; do echo "($i)"; done
IFS=:; p=a:b:c; for i in $p; do echo "$i"; done; unset IFS
export d='two  spaces'; env | grep '^d='
f() { local z=inner; echo "$z"; }; z=outer; f; echo "$z"
env missing-command; echo "status $?"
echo "$0" | sed 's/.*\///'
