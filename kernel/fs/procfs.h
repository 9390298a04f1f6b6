/* SPDX-License-Identifier: MIT */
/* /proc: what upper layers contribute.  procfs_init() is in fs/fs.h. */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

struct tty;

/* Each entry may be NULL. */
struct procfs_hooks {
	/* dev/: a terminal's number, its foreground group (0: none). */
	void (*tty_figures)(struct tty *t, int32_t *nr, int32_t *pgid);
	/* sys/: the two below. */
	/* The @i-th unknown call seen, and how often; false past the end. */
	bool (*unknown_next)(unsigned i, uint64_t *nr, uint64_t *count);
	/* The name of a call, or NULL. */
	const char *(*call_name)(uint64_t nr);
};
extern struct procfs_hooks procfs_hooks;
