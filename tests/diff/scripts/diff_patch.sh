# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# diff, patch, cmp.
seq 10 > a; sed 's/5/five/; 8d' a > b
diff a b > d; echo "status $?"; grep -v '^[-+][-+][-+]' d
cp a c; patch c < d > /dev/null; cmp b c && echo patched
patch -R c < d > /dev/null; cmp a c && echo reversed
diff a c; echo "status $?"
diff -q a b; echo "status $?"
cmp a b; echo "status $?"
mkdir x y; cp a x/f; cp b y/f; touch x/only; diff -rq x y; echo "status $?"
diff a missing; echo "status $?"
cmp -s a a; echo "status $?"
