# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# tar: pack, list, unpack, modes, links, through pipes.
mkdir -p src/sub; echo one > src/a; echo two > src/sub/b; ln -s a src/l; ln src/a src/h
chmod 750 src/sub; chmod 640 src/a; head -c 100000 /dev/zero | tr '\0' z > src/big
tar cf t.tar src
tar tf t.tar | sort
mkdir out; tar xf t.tar -C out
find out | sort
cat out/src/a out/src/sub/b out/src/l
md5sum < out/src/big; md5sum < src/big
readlink out/src/l
stat -c '%a %h' out/src/a
stat -c '%a' out/src/sub
mkdir p; tar cf - src | (cd p && tar xf -); diff -r src p/src && echo same
tar czf t.tgz src; tar tzf t.tgz | wc -l
mkdir z; tar xzf t.tgz -C z src/sub/b; find z -type f
tar xOf t.tar src/sub/b
tar tf missing.tar; echo "status $?"
echo garbage > bad.tar; tar tf bad.tar 2> /dev/null; echo "status $?"
find src | sort | cpio -o -H newc 2> /dev/null | cpio -t 2> /dev/null | sort
mkdir c; (cd src && find . | cpio -o -H newc 2> /dev/null) | (cd c && cpio -id 2> /dev/null); cat c/sub/b
