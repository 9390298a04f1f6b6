#!/bin/bash
# SPDX-License-Identifier: MIT
# The sources are as clang-format would write them; --fix rewrites them.
set -u
cd "$(dirname "$0")/.." || exit 1
files() {
	find kernel arch abi user tests -name '*.[ch]' \
		! -path 'tests/bench/*' -print0 2>/dev/null
}
if [ "${1:-}" = --fix ]; then
	files | xargs -0 -r -n 20 -P "$(nproc)" clang-format -i
	exit
fi
# Each batch's complaints in one write, so that they do not mix.
out=$(files | xargs -0 -r -n 20 -P "$(nproc)" sh -c '
	bad=$(clang-format --dry-run -Werror "$@" 2>&1); printf "%s\n" "$bad"
	' sh | grep -oE "^[^ :]+:[0-9]+" | awk -F: '!seen[$1]++')
[ -z "$out" ] && exit 0
echo "$out"
echo "run: make format"
exit 1
