# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# test and [: files, strings, numbers, combinations.
t() { if "$@"; then echo "$* yes"; else echo "$* no ($?)"; fi; }
touch f; mkdir d; ln -s f l; ln -s gone broken; mkfifo p; echo x > full; chmod 644 f
t test -e f; t test -f f; t test -d f; t test -d d; t test -L l; t test -f l
t test -e broken; t test -L broken; t test -p p; t test -s f; t test -s full
t test -r f; t test -w f; t test -x f; t test -x d; t test -c /dev/null; t test -b /dev/null
t test a = a; t test a = b; t test a != b; t test -z ''; t test -n ''; t test -n x
t test 1 -eq 1; t test 1 -lt 2; t test 10 -gt 9; t test 2 -le 1; t test -1 -lt 0
t test a -a b; t test '' -o b; t test ! a; t test '(' a = a ')'
t test; t test x; t [ 1 = 1 ]
t test f -ef l; t test f -ef full
t test -t 0
test 1 -eq x; echo "status $?"
[ a = a; echo "status $?"
[ 1 -lt 2 ] && [ ! -e nothing ] && echo both
