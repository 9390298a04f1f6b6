# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# read: fields, -r, end of input, from several descriptors.
printf 'one two three\nlast line' > t
while read -r a b; do echo "[$a] [$b]"; done < t; echo "[$a] [$b]"
read -r a b c << EOF
1 2 3 4
EOF
echo "$a $b $c"
printf 'a\\tb\\\nc\n' | { read -r x; echo "$x"; read -r y; echo "$y"; }
printf 'a\\tb\\\nc\n' | { read x; echo "$x"; }
IFS=, read -r p q << EOF
x,y,z
EOF
echo "$p $q"
read -r z < /dev/null; echo "status $?"
exec 3< t; read -r a <&3; read -r b <&3; echo "$a / $b"; exec 3<&-
seq 6 | while read -r a && read -r b; do echo "$a-$b"; done
echo '  padded  ' | { read -r v; echo "[$v]"; }
echo '  padded  ' | { IFS= read -r v; echo "[$v]"; }
n=0; while read -r _; do n=$((n + 1)); done << EOF
$(seq 500)
EOF
echo "$n"
