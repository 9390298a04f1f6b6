# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# grep: options, statuses, patterns.
printf 'apple\nBanana\ncherry pie\napple pie\n' > t
grep apple t
grep -c pie t
grep -i BANANA t
grep -v apple t
grep -n pie t
grep -o 'p[a-z]*' t
grep -E '^(a|c)' t
grep -F . t; echo "status $?"
grep -q cherry t; echo "status $?"
grep nothing t; echo "status $?"
grep x missing; echo "status $?"
grep -l apple t t
grep -w pie t
grep -x apple t
grep -e Ban -e che t
echo pie > patterns; grep -f patterns t
mkdir d; cp t d/one; grep -r Banana d
grep -A 1 Banana t
grep -B 1 Banana t
grep -m 1 apple t
grep -H apple t
seq 10000 | grep -c 7
printf 'a.b\naxb\n' | grep 'a\.b'
echo abcabc | grep -E '(abc){2}'
