# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# expr, seq, factor, arithmetic.
expr 1 + 2; expr 10 / 3; expr 10 % 3; expr 2 '*' 3; expr 5 - 8
expr 1 = 1; expr 1 = 2; echo "status $?"
expr abc : 'a\(.*\)'; expr length hello; expr substr hello 2 3; expr index hello l
expr 1 '<' 2; expr a '&' b; expr 0 '|' 7
expr 1 / 0; echo "status $?"
expr; echo "status $?"
expr 5 +; echo "status $?"
seq 3; seq 2 4; seq 1 2 7; seq 5 -2 1; seq -s, 4; seq -w 8 11
seq 3 1; echo "status $?"
echo $((1 + 2 * 3)) $(((1 + 2) * 3)) $((7 / 2)) $((-7 / 2)) $((7 % 3)) $((1 << 10))
echo $((0x10)) $((010)) $((5 > 3)) $((5 == 3)) $((1 ? 2 : 3)) $((~0)) $((!0))
x=5; echo $((x += 3)) $((x++)) $x $((--x)) $x
echo $((9223372036854775807 + 1))
