# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# sort and uniq with their usual options.
printf 'banana 3\napple 10\ncherry 2\napple 9\n' > t
sort t
sort -r t
sort -k2 -n t
sort -k1,1 -k2,2nr t
sort -u -k1,1 t
printf '10\n9\n100\n1\n' | sort
printf '10\n9\n100\n1\n' | sort -n
printf 'a\na\nb\na\n' | uniq
printf 'a\na\nb\na\n' | uniq -c
printf 'a\na\nb\na\n' | sort | uniq -d
printf 'a\na\nb\na\n' | sort | uniq -u
printf 'B\na\nC\n' | sort -f
printf 'x:3\ny:1\n' | sort -t: -k2
seq 3000 | sort -r | sort -n | md5sum
seq 3000 | md5sum
awk 'BEGIN { for (i = 0; i < 5000; i++) print (i * 7919) % 5003 }' | sort -n | uniq | wc -l
sort -o t t; head -n 1 t
sort -c t; echo "status $?"
printf '2\n1\n' | sort -c 2> /dev/null; echo "status $?"
