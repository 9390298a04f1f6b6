#!/bin/sh
# SPDX-License-Identifier: MIT
# gen_docs.sh DIR: write the generated reference pages into DIR.
set -eu
dir=$1
mkdir -p "$dir"

if [ -f abi/native/errors.tbl ]; then
	tools/gen_errors.py abi/native/errors.tbl "$dir/errors.md"
fi
calls=$(find abi -name syscalls.tbl 2>/dev/null | sort)
if [ -n "$calls" ]; then
	# shellcheck disable=SC2086 # one word for each table
	tools/gen_syscalls.py $calls "$dir/syscalls.md"
fi
if [ -f kernel/sync/lock_ranks.def ]; then
	tools/gen_locking.py kernel/sync/lock_ranks.def "$dir/locking.md"
fi
find kernel -name '*_states.def' | sort | while read -r def; do
	name=$(basename "$def" .def | tr _ -)
	tools/gen_states.py "$def" "$dir/$name.md"
done
find abi -name '*.tbl' ! -name syscalls.tbl ! -name errors.tbl | sort |
	while read -r tbl; do
		stem=$(basename "$tbl" .tbl)
		tool=tools/gen_$stem.py
		[ -x "$tool" ] || tool=tools/gen_table.py
		"$tool" "$tbl" "$dir/$(echo "$stem" | tr _ -).md"
	done
