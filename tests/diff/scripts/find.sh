# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# find: names, types, depth, exec, order-free.
mkdir -p a/b/c a/d; touch a/f1 a/b/f2 a/b/c/f3.txt a/d/f4.txt; ln -s f1 a/link; mkfifo a/pipe
find a | sort
find a -type f | sort
find a -type d | sort
find a -type l
find a -type p
find a -name '*.txt' | sort
find a -maxdepth 1 | sort
find a -mindepth 3 | sort
find a -name c -prune -o -print | sort
find a -type f -exec echo found {} \; | sort
find a -type f -exec echo {} + | tr ' ' '\n' | sort
find a -depth -name c
echo 12345 > a/f1; find a -type f -size +0c | sort
find a ! -type f | sort
touch -d '2030-01-01' a/b/f2; find a -newer a/f1 -type f
find a -perm 644 -type f | wc -l
chmod 755 a/f1; find a -type f -perm -100
find a -empty | sort
find missing; echo "status $?"
find a -name '*.txt' -print0 | xargs -0 -n 1 basename | sort
find a -name '*.txt' -exec rm {} \;; find a -type f | sort
