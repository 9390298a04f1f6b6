# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# sed: the commands that scripts use.
printf 'one\ntwo\nthree\nfour\nfive\n' > t
sed s/o/0/ t
sed 's/e/E/g; s/t/T/2' t
sed -n 2p t
sed -n '2,4p' t
sed -n '/two/,/four/p' t
sed '$d' t
sed '/o/d' t
sed -n '$=' t
sed 's/\(.\)\(.\)/\2\1/' t
sed -E 's/(t)(.*)/\2-\1/' t
sed 's/.*/[&]/' t
sed y/abc/xyz/ t
sed '2i\
inserted' t
sed '2a\
appended' t
sed '3c\
changed' t
sed -n 'H;${x;s/\n/,/g;p}' t
sed ':a;N;$!ba;s/\n/+/g' t
sed -e 1d -e 's/w/W/' t
sed -i 's/one/ONE/' t; cat t
sed '2q' t
sed '2q5' t; echo "status $?"
sed -n '/f/{s/f/F/;p}' t
sed 'n;d' t
printf 'tab\tand \\\n' | sed -n l
sed 'bad' t; echo "status $?"
sed s/x/y/ missing; echo "status $?"
