# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# Signals sent by kill, and the statuses they leave.
for s in HUP INT TERM KILL USR1 PIPE ALRM; do
	sleep 1000 &
	p=$!
	kill -s $s $p
	# An asynchronous command of a script ignores INT.
	[ $s = INT ] && kill -s KILL $p
	wait $p; echo "$s $?"
done 2> /dev/null
kill -l 9; kill -l 15; kill -l 137
kill -s KILL 999999 2> /dev/null || echo no such process
sleep 1000 & p=$!
kill -0 $p; echo "alive $?"
kill -STOP $p; kill -CONT $p; kill $p; wait $p 2> /dev/null; echo "status $?"
kill -0 $p 2> /dev/null; echo "gone $?"
kill -NOSUCH $$; echo "status $?"
kill; echo "status $?"
sleep 1000 & kill $!; wait $! 2> /dev/null; echo "job $?"
sh -c 'trap "" TERM; kill $$; echo survived'
sh -c 'sleep 1000 & kill -9 $!; wait $! 2> /dev/null; exit $?'; echo "inner $?"
killall -q no-such-program; echo "killall $?"
