#!/bin/bash
# SPDX-License-Identifier: MIT
# Every header compiles alone, and twice, with both compilers.
set -u
cd "$(dirname "$0")/.." || exit 1
gcc_flags=$(make -s --no-print-directory print-KCFLAGS CC=gcc FLAVOUR=debug)
clang_flags=$(make -s --no-print-directory print-KCFLAGS CC=clang FLAVOUR=debug)
export gcc_flags clang_flags

one() {
	local source
	source=$(printf '#include "%s"\n#include "%s"\n' "$1" "$1")
	# Unused static functions are what headers are made of.
	# shellcheck disable=SC2086 # flags are words
	{
		gcc $gcc_flags -Wno-unused -x c -fsyntax-only - <<<"$source" &&
			clang $clang_flags -Wno-unused -x c -fsyntax-only - \
				<<<"$source"
	} 2>&1 | head -n 8 | sed "s|^|$1: |" | grep . && return 1
	return 0
}
export -f one

find kernel arch/x86_64 abi -name '*.h' 2>/dev/null | sort |
	xargs -r -P "$(nproc)" -I{} bash -c 'one {}'
