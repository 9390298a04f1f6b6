/* SPDX-License-Identifier: MIT */
/* flock: shared, exclusive, conversion, dup and fork share, close releases. */
#include "diff.h"

int main(void)
{
	put_file("f", "");
	show(open("f", O_RDONLY));
	show(open("f", O_RDWR));
	show(flock(3, LOCK_SH));
	show(flock(4, LOCK_SH));
	show(flock(4, LOCK_EX | LOCK_NB));
	show(flock(4, LOCK_UN));
	show(flock(3, LOCK_EX | LOCK_NB));
	show(flock(4, LOCK_SH | LOCK_NB));
	show(dup(3));
	show(close(3));
	show(flock(4, LOCK_SH | LOCK_NB));
	wait_say("child shares", child_do(show(flock(5, LOCK_UN))));
	show(flock(4, LOCK_EX | LOCK_NB));
	wait_say("child has its own", child_do({
			 show(open("f", O_RDONLY));
			 show(flock(3, LOCK_SH | LOCK_NB));
		 }));
	show(close(5));
	show(flock(4, 0));
	show(flock(4, 64));
	show(flock(99, LOCK_SH));
	/* A blocked one gets it when the holder goes. */
	child_do({
		show(open("f", O_RDONLY));
		close(4);
		show(flock(3, LOCK_EX));
	});
	nap_ms(2);
	close(4);
	while (wait(NULL) > 0)
		;
	return 0;
}
