# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# gzip, gunzip, zcat, bzip2: there and back, and broken input.
seq 5000 > t; sum=$(md5sum < t)
gzip t; ls; zcat t.gz | md5sum; gunzip t.gz; ls
[ "$(md5sum < t)" = "$sum" ] && echo gzip same
gzip -c t | gunzip -c | cmp - t && echo pipe same
head -n 500 t > s; bzip2 -c s | bunzip2 -c | cmp - s && echo bzip2 same
head -c 300000 /dev/zero | gzip -c | gunzip -c | wc -c
gzip -c < /dev/null | gunzip -c | wc -c
echo garbage | gunzip -c 2> /dev/null; echo "status $?"
gzip -c t | head -c 2000 | gunzip -c > /dev/null 2>&1; echo "status $?"
gzip -k t; ls
gzip t 2> /dev/null; echo "status $?"
