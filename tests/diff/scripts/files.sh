# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# cp, mv, rm, mkdir, chmod, touch, basename, dirname, truncate.
mkdir -p a/b/c; echo 1 > a/1; echo 2 > a/b/2; chmod 600 a/1; chmod 4755 a/b/2
cp -r a z; find z | sort; cp -p a/1 p; stat -c %a p z/b/2
cp a x 2> /dev/null; echo "status $?"
mkdir a; echo "status $?"
mkdir m/n 2> /dev/null; echo "status $?"
mv a/1 a/b/; ls a/b; mv a/b moved; ls moved a
cp moved/1 moved/2 a; ls a
cp moved/1 moved/2 nowhere 2> /dev/null; echo "status $?"
rmdir a; echo "status $?"
rm a 2> /dev/null; echo "status $?"
rm -r a moved; ls
touch t; chmod u=rw,g=r,o= t; stat -c %a t; chmod a+x t; stat -c %a t; chmod -R go-rwx z; stat -c %a z z/b z/1
umask 077; touch u; mkdir ud; stat -c %a u ud
basename /x/y.txt .txt; dirname /x/y.txt; basename /; dirname x
touch -d '2020-01-02 03:04:05' old; stat -c '%y' old | cut -c1-19; [ t -nt old ] && echo newer
mktemp -d tmp.XXXXXX | cut -c1-4; rm -rf tmp.*
echo 12345 > s; truncate -s 2 s; cat s; echo; truncate -s 100 s; wc -c < s
ls -1; ls -a | head -n 2; ls -d z; ls missing; echo "status $?"
ls -ln s | awk '{ print $1, $2, $3, $4, $5, $9 }'
