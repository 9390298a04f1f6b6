#!/bin/bash
# SPDX-License-Identifier: MIT
# The generated reference pages are those of today's tables.
set -u
cd "$(dirname "$0")/.." || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
tools/gen_docs.sh "$dir" || exit 1
status=0
for page in "$dir"/*.md; do
	[ -e "$page" ] || continue
	if ! cmp -s "$page" "docs/reference/$(basename "$page")"; then
		echo "docs/reference/$(basename "$page") is old"
		status=1
	fi
done
[ $status = 0 ] || echo "run: make docs"
exit $status
