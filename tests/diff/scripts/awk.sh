# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# awk: fields, patterns, arrays, functions, printf, getline, system.
printf 'alice 30 5.5\nbob 25 7.25\ncarol 35 1\n' > t
awk '{ print $2, $1 }' t
awk '$2 > 26' t
awk 'END { print NR, NF, $0 }' t
awk '{ s += $3 } END { printf "%.2f %d\n", s, s }' t
echo a:b:c | awk -F: '{ print $1 }'
awk -v x=5 'BEGIN { print x * 2; print length("hello"), substr("hello", 2, 3), index("hello", "l") }'
awk 'BEGIN { print toupper("abc") tolower("DEF"); s = "aXbXc"; n = gsub(/X/, "-", s); print n, s }'
awk 'BEGIN { n = split("a,b,c", p, ","); for (i = 1; i <= n; i++) print i, p[i] }'
awk '{ c[$1] = $2 } END { for (k in c) print k, c[k] }' t | sort
awk 'function f(n) { return n < 2 ? 1 : n * f(n - 1) } BEGIN { print f(10) }'
awk '/a/ { n++ } END { print n }' t
awk 'BEGIN { while (("seq 3" | getline l) > 0) print "got " l; close("seq 3") }'
awk 'BEGIN { print "b\na" | "sort"; close("sort"); print "after" }'
awk 'BEGIN { r = system("exit 3"); print r }'
awk 'BEGIN { printf "%5d|%-5s|%05.1f|%x|%c\n", 42, "ab", 3.14159, 255, 65 }'
awk 'BEGIN { exit 4 }'; echo "status $?"
awk 'NR == FNR { a[$1]; next } $1 in a' t t | wc -l
awk '{ print > ("out." $1) }' t; cat out.alice out.bob
awk 'BEGIN { print 1e6, 0.1 + 0.2, 1/3, 7 % 3, -7 % 3, int(-3.7) }'
awk 'BEGIN { print match("foobar", /o+/), RSTART, RLENGTH; print substr("x", 0), "a" < "b", 10 < 9, "10" < "9" }'
awk 'BEGIN { getline; print "line " $0; getline x < "t"; print x }' < t
awk '{' t; echo "status $?"
