#!/bin/bash
# SPDX-License-Identifier: MIT
# Run each libFuzzer target of tests/fuzz for FUZZ_SECONDS (60); a crash is
# kept in out/fuzz.  Prints TAP.
set -u
cd "$(dirname "$0")/.." || exit 1
seconds=${FUZZ_SECONDS:-60}
make -s --no-print-directory fuzz-targets || exit 1
n=0
status=0
for bin in out/fuzz/bin/*; do
	[ -x "$bin" ] || continue
	n=$((n + 1))
	name=$(basename "$bin")
	corpus=out/fuzz/corpus/$name
	mkdir -p "$corpus"
	seeds=()
	[ -d "tests/fuzz/seeds/$name" ] && seeds=("tests/fuzz/seeds/$name")
	if "$bin" -max_total_time="$seconds" -rss_limit_mb=1024 -timeout=10 \
		-artifact_prefix="out/fuzz/$name-" "$corpus" "${seeds[@]}" \
		>"out/fuzz/$name.log" 2>&1; then
		echo "ok $n - $name"
	else
		tail -n 30 "out/fuzz/$name.log" | sed 's/^/# /'
		echo "not ok $n - $name"
		status=1
	fi
done
echo "1..$n"
exit $status
