#!/bin/bash
# SPDX-License-Identifier: MIT
# Analysis that takes minutes: clang-tidy everywhere, gcc -fanalyzer on the
# code that reads what users send.
set -u
cd "$(dirname "$0")/.." || exit 1
status=0
clang_flags=$(make -s --no-print-directory print-KCFLAGS CC=clang FLAVOUR=debug)
gcc_flags=$(make -s --no-print-directory print-KCFLAGS CC=gcc FLAVOUR=debug)

# shellcheck disable=SC2086 # flags are words
find kernel arch -name '*.c' | sort | xargs -r -n 8 -P "$(nproc)" sh -c '
	flags=$1; shift
	clang-tidy --quiet "$@" -- $flags 2>/dev/null' sh "$clang_flags" ||
	status=1
# shellcheck disable=SC2086
for f in $(find kernel/lib kernel/sys -name '*.c' | sort); do
	gcc $gcc_flags -fanalyzer -c "$f" -o /dev/null || status=1
done
exit $status
