#!/bin/bash
# SPDX-License-Identifier: MIT
# Install the Debian packages that building, running and testing need.
# Does nothing, at once, when they are all there.
set -eu

packages=(
	gcc binutils make git python3 libc6-dev
	clang clang-format clang-tidy libclang-rt-14-dev
	qemu-system-x86 seabios musl-tools busybox-static
	spin cpio gdb codespell shellcheck
)

missing=()
have=" $(dpkg-query -W -f '${Package} ${db:Status-Status}\n' \
	"${packages[@]}" 2>/dev/null | awk '$2 == "installed" { print $1 }' |
	tr '\n' ' ') "
for p in "${packages[@]}"; do
	case $have in
	*" $p "*) ;;
	*) missing+=("$p") ;;
	esac
done
[ "${#missing[@]}" -gt 0 ] || exit 0

install=(apt-get install -y --no-install-recommends "${missing[@]}")
if [ "$(id -u)" -ne 0 ]; then
	echo "These Debian packages are missing: ${missing[*]}" >&2
	echo "Install them with:" >&2
	echo "    sudo ${install[*]}" >&2
	exit 1
fi

export DEBIAN_FRONTEND=noninteractive
echo "deps: installing ${missing[*]}"
if ! "${install[@]}" >/dev/null 2>&1; then
	apt-get update -qq
	"${install[@]}" >/dev/null
fi
