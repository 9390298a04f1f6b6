# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# printf and echo.
printf '%s %d %x %o %c\n' str 42 255 8 z
printf '%5d|%-5d|%05d|%+d\n' 42 42 42 42
printf '%.3s|%10s|%-10s|\n' abcdef right left
printf '%s-%s\n' a b c d e
printf 'no newline'; echo
printf '\101\x41\t|\n'; printf '%b\n' 'a\tb\n'; printf '%%\n'
printf '%d\n' 0x1f 010 "'A"
printf '%d\n' abc; echo "status $?"
printf '%.2f %e %g\n' 3.14159 1234.5 0.0001
printf '%*d\n' 6 42
printf; echo "status $?"
echo -n x; echo y; echo -e 'a\tb'; echo -E 'a\tb'; echo 'a\tb'; echo; echo -- x
printf '%s\n' "$(printf 'a\n\n\n')" end
printf '\0' | od -c
