# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# id, uname, /proc as scripts read it.
id -u; id -g
uname -s; uname -m
test "$(nproc)" -ge 1 && echo some cores
[ "$(cat /proc/sys/kernel/ostype)" = Linux ] && echo ostype
sh -c 'echo $PPID' | grep -cE '^[0-9]+$'
[ "$(sh -c 'echo $PPID')" = $$ ] || echo another parent
cat /proc/self/comm
tr '\0' ' ' < /proc/self/cmdline; echo
readlink /proc/self/fd/0
ls /proc/self/fd > n; [ "$(wc -l < n)" -ge 3 ] && echo descriptors
ps | awk -v p=$$ '$1 == p { print $2, $4, $5 }'
pidof no-such-program; echo "status $?"
grep -c MemTotal /proc/meminfo
grep -c '^processor' /proc/cpuinfo > n; [ "$(cat n)" -ge 1 ] && echo cpuinfo
awk '{ print NF }' /proc/uptime /proc/loadavg
chown 1234:55 n; stat -c '%u:%g' n
