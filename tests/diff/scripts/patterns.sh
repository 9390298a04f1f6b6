# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# case, globs and quoting.
touch a.c b.c ab.h '.hidden' 'with space' '[x]'; mkdir dir; touch dir/in
echo *.c; echo ?.c; echo [ab].c; echo [!a].c; echo *; echo .h*; echo d*/*; echo no*match
echo '*' "*" \*; for f in *; do echo "<$f>"; done
for w in apple banana 123 '' 'a b' -x; do
	case $w in
	a*e) echo "$w: a..e" ;;
	[0-9]*) echo "$w: digits" ;;
	b*|c*) echo "$w: b or c" ;;
	'') echo "empty" ;;
	*' '*) echo "$w: space" ;;
	-?) echo "$w: option" ;;
	*) echo "$w: other" ;;
	esac
done
x='a  b'; echo $x; echo "$x"; echo '$x'; echo "\$x \"q\" 'single'"
set -f; echo *.c; set +f
echo "a"'b'c"$x"; echo a\ b; echo "line one
line two"
y='*.c'; echo $y; echo "$y"
rm '[x]' 'with space'; ls
