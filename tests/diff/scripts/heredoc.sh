# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# Here-documents, plain and quoted, nested, large.
name=world
cat << EOF
hello $name $(echo sub) $((1 + 2))
  back\\slash \$dollar `echo tick`
EOF
cat << 'EOF'
hello $name $(echo sub)
EOF
cat <<- EOF
	tabs are gone
		from the start
	EOF
cat << A; cat << B
first
A
second
B
while read -r l; do echo "[$l]"; done << EOF
one
two
EOF
i=0
while [ $i -lt 1500 ]; do
	echo "line number $i of a here document"
	i=$((i + 1))
done > big
eval "cat << EOF
$(cat big)
EOF" | md5sum
md5sum < big
cat << EOF | tr a-z A-Z
piped
EOF
f() {
	cat << EOF
in function $1
EOF
}
f x; f y
