# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# Functions: arguments, recursion, redirection, unset.
f() { echo "$# $1 $2"; }; f; f a; f a b c
g() { echo out; echo err >&2; return 2; } 2> gerr; g; echo "$?"; cat gerr
fact() { if [ "$1" -le 1 ]; then echo 1; else echo $(($1 * $(fact $(($1 - 1))))); fi; }; fact 10
h() { set -- changed; echo "$1"; }; set -- original; h; echo "$1"
k() { for i in "$@"; do echo "<$i>"; done; }; k 'a b' c ''
k | cat; k x | tr x y
unset -f k; k 2> /dev/null; echo "status $?"
outer() { inner() { echo inner; }; inner; }; outer; inner
l() { local a=1 b=; echo "[$a] [$b]"; a=2; b=3; }; b=9; l; echo "$b"
type f | head -n 1; command -v f
r() { return; }; false; r; echo "$?"
p() { x=$1; shift; [ $# -gt 0 ] && p "$@"; echo "$x"; }; p 1 2 3
