# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# A hundred forks and more, in loops and pipelines.
i=0; while [ $i -lt 100 ]; do (exit $((i % 7))); s=$((${s:-0} + $?)); i=$((i + 1)); done; echo "sum $s"
for i in $(seq 40); do echo "$i" | cat; done | md5sum
seq 40 | md5sum
for i in $(seq 60); do true & done; wait; echo "waited $?"
for i in $(seq 30); do (echo "$i" > "f$i") & done; wait; cat f* | sort -n | md5sum
seq 30 | md5sum
r() { [ "$1" -eq 0 ] && { echo bottom; return; }; (r $(($1 - 1))); }; r 25
for i in $(seq 20); do sh -c "exit $i" || t=$((${t:-0} + $?)); done; echo "total $t"
