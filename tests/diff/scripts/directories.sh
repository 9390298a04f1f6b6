# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# cd, pwd, paths with links, dirs that go away.
top=$(pwd); rel() { pwd | sed "s|^$top|.|"; }; prel() { pwd -P | sed "s|^$top|.|"; }
mkdir -p a/b/c; ln -s a/b l
cd a/b/c && rel; cd .. && rel; cd "$top" && cd l && rel; prel; cd .. && rel
cd "$top" && cd -P l && rel; cd .. && rel; cd "$top" || exit
cd missing; echo "status $?"
touch f; cd f; echo "status $?"
cd a && cd - > /dev/null && rel
mkdir gone && cd gone && rmdir ../gone; ls; echo "status $?"; touch x; echo "status $?"
cd "$top" && rel
(cd a && rel); rel
mkdir 'sp ace' && cd 'sp ace' && rel; cd ..
CDPATH=a; cd b > /dev/null && rel; cd "$top" || exit; unset CDPATH
mkdir -p deep/1/2/3/4/5/6/7/8/9; cd deep/1/2/3/4/5/6/7/8/9 && rel
cd ../../../../../../../../../.. && rel
pwd | grep -c "^$top$"
cd . && rel; cd ./a/../a/./b && rel
