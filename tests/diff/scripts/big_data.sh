# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# Megabytes through files and pipes, compared.
seq 100000 > a; wc -c < a
cat a > b; cmp a b && echo same
cat a | cat | cat | cat > c; cmp a c && echo same
(cat a; cat a) | wc -c
tail -c 100000 a | head -c 50000 | md5sum
dd if=a bs=50000 skip=2 count=1 2> /dev/null | md5sum
cat a | tee d | md5sum; md5sum < d
sort -rn a | sort -n | cmp - a && echo same
cp a e; echo x >> e; cmp a e; echo "status $?"
rm b c d e; ls
yes 0123456789abcdef | head -c 1000000 | md5sum
