# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# ln, cp, mv, readlink, stat on links.
echo x > a; ln a b; ln -s a c; stat -c '%h %F' a b c
echo y >> b; cat a c
ln a b; echo "status $?"
ln -f a b; ln -sf b c; readlink c
ln -s gone d; cat d; echo "status $?"
readlink a; echo "status $?"
readlink -f c | sed 's/.*\///'
cp c copy; stat -c %F copy; cp -d c copy2; stat -c %F copy2; cp -a d copy3; readlink copy3
mv c e; readlink e; mv a f; cat e; [ f -ef b ] && echo same inode
mkdir dir; ln -s dir ld; touch ld/in; ls dir; ln -sn x ld 2>&1; readlink ld
ln -sfn other ld; readlink ld
rm e; cat f > /dev/null && echo target kept
rm -f missing; echo "status $?"
rm missing; echo "status $?"
ln -s loop loop; cat loop; echo "status $?"
ln missing x; echo "status $?"
ls -F | sort
