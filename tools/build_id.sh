#!/bin/sh
# SPDX-License-Identifier: MIT
# build_id.sh FLAVOUR COMPILER OUT.c: the string that names this build,
# written only when it changed.
set -eu
rev=$(git describe --always --dirty 2>/dev/null || echo unknown)
ver=$($2 -dumpfullversion 2>/dev/null || $2 -dumpversion)
case $2 in *clang*) name=clang ;; *) name=gcc ;; esac
text="pando $rev $1 $name-$ver"
{
	echo "/* SPDX-License-Identifier: MIT */"
	echo "extern const char kernel_build_id[];"
	echo "const char kernel_build_id[] = \"$text\";"
} >"$3.tmp"
if cmp -s "$3.tmp" "$3"; then rm "$3.tmp"; else mv "$3.tmp" "$3"; fi
