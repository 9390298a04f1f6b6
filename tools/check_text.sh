#!/bin/bash
# SPDX-License-Identifier: MIT
# Spelling of everything, and the shell scripts' own checker.
set -u
cd "$(dirname "$0")/.." || exit 1
status=0
dirs=()
for d in README.md HACKING.md CHANGELOG.md docs abi arch kernel user tests \
	tools mk Makefile; do
	[ -e "$d" ] && dirs+=("$d")
done
codespell -q 3 -I tools/codespell-ignore.txt --skip '*.pyc,*.bin,*.elf' \
	"${dirs[@]}" || status=1
scripts=(tools/*.sh .ci/run)
while IFS= read -r s; do
	scripts+=("$s")
done < <(find tests -name '*.sh')
shellcheck -S warning "${scripts[@]}" || status=1
exit $status
