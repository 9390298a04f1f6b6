# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# cut and tr.
printf 'a:b:c\nq:r:s\nplain\n' > t
cut -d: -f2 t; cut -d: -f1,3 t; cut -d: -f2- t; cut -s -d: -f1 t; cut -c2-3 t; cut -b1 t
echo hello | tr a-z A-Z; echo hello | tr -d l; echo aabbcc | tr -s b; echo hello | tr el ip
echo 'a1b2' | tr -cd 0-9; echo; echo abc | tr abc x; printf 'a\nb' | tr '\n' ' '; echo
echo hello | tr '[:lower:]' '[:upper:]'; printf 'x\ty' | tr '\t' ' '; echo
head -c 1000 /dev/zero | tr '\0' '\101' | md5sum
