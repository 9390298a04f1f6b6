# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# xargs: splitting, limits, replacement, statuses.
echo a b c | xargs echo
printf 'a b\nc\n' | xargs -n 1 echo item
printf 'a b\nc\n' | xargs -I {} echo '<{}>'
seq 10 | xargs -n 3 echo
printf 'x y\0z\0' | xargs -0 -n 1 echo
echo "'quoted item' plain" | xargs -n 1 echo
: | xargs echo empty
: | xargs -r echo not run
echo 1 | xargs false; echo "status $?"
echo 1 | xargs sh -c 'exit 255'; echo "status $?"
echo 1 | xargs missing-command; echo "status $?"
seq 3000 | xargs echo | tr ' ' '\n' | md5sum
seq 3000 | md5sum
seq 40 | xargs -n 1 sh -c 'exit 0'; echo "status $?"
seq 5 | xargs -t echo 2>&1
