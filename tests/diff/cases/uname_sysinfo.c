/* SPDX-License-Identifier: MIT */
/* uname and sysinfo: what programs rely on. */
#include "diff.h"

int main(void)
{
	struct utsname u;
	struct sysinfo si;
	int major_no = 0, minor_no = 0;

	show(uname(&u));
	say("%s %s\n", u.sysname, u.machine);
	show(sscanf(u.release, "%d.%d", &major_no, &minor_no));
	fact(major_no > 6 || (major_no == 6 && minor_no >= 1));
	fact(strlen(u.nodename) > 0 && strlen(u.nodename) < 65);
	fact(strlen(u.version) > 0);
	show(sysinfo(&si));
	fact(si.mem_unit >= 1);
	fact(si.totalram > 0 && si.freeram <= si.totalram);
	fact(si.procs >= 1);
	fact(sysconf(_SC_NPROCESSORS_ONLN) >= 1);
	fact(sysconf(_SC_PAGESIZE) == 4096);
	wait_say("user",
		 child_do(become(1234, 1234); show(sethostname("x", 1))));
	show(sethostname("x", 65));
	return 0;
}
