# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# md5sum, sha1sum, sha256sum: known values and checking.
printf '' | md5sum
printf abc | md5sum
printf abc | sha1sum
printf abc | sha256sum
printf abc | sha512sum
seq 30000 | md5sum
seq 30000 | sha256sum
seq 10 > a; seq 20 > b
md5sum a b > sums; cat sums; md5sum -c sums
echo x >> b; md5sum -c sums; echo "status $?"
md5sum missing; echo "status $?"
head -c 1000000 /dev/zero | md5sum
echo hello world | base64
echo aGVsbG8K | base64 -d
