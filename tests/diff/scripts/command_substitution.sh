# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# $(...) and backquotes: nesting, status, newlines, large output.
echo "$(echo hi)" `echo there`
echo "$(echo "$(echo "$(echo deep)")")"
x=$(false); echo "status $?"
x=$(exit 9); echo "status $?"
echo "[$(printf 'a\n\n')]"
n=$(seq 5000); echo "$n" | md5sum; seq 5000 | md5sum
echo $(printf 'a\nb\nc')
a=$(cat << EOF
inside
EOF
); echo "$a"
f() { echo "f $1"; return 3; }; y=$(f 1); echo "$y $?"
echo $(($(echo 3) + $(echo 4)))
i=0; while [ $i -lt 50 ]; do i=$(expr $i + 1); done; echo "$i"
z=$(x=changed; echo "$x"); echo "$z [$x]"
echo "$(trap 'echo sub bye' EXIT; echo body)"
: "$(echo side > side)"; cat side
