/* SPDX-License-Identifier: MIT */
/*
 * Handle tables: small numbers to open descriptions.  The base of Linux file
 * descriptors.  A table may be shared by several processes and threads.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>
#include <obj/desc.h>

struct desc;
struct handles;

#define RIGHT_READ     0x01u
#define RIGHT_WRITE    0x02u
#define RIGHT_MAP      0x04u
#define RIGHT_DUP      0x08u
#define RIGHT_TRANSFER 0x10u
#define RIGHT_CONTROL  0x20u
#define RIGHT_ALL      0x3fu

#define HANDLE_CLOEXEC 1u
#define HANDLES_MAX    (1u << 20) /* no limit gives more */

__must_check err_t handles_create(struct handles **out);
/* Copy for fork: every description gains a reference. 0, -ENOMEM. */
__must_check err_t handles_copy(struct handles *from, struct handles **out);
void handles_get(struct handles *h);
/* The last put closes everything (thread context, may sleep). */
void handles_put(struct handles *h);
bool handles_shared(const struct handles *h);
/* How many threads use it now: unlike references, /proc does not count. */
unsigned handles_users(const struct handles *h);
/* A note on the table for sys/: record locks belong to it (and stay noted). */
void handles_note_locks(struct handles *h);
bool handles_noted_locks(const struct handles *h);

/**
 * handle_install - put a description into the lowest free slot >= @min
 * @limit: RLIMIT_NOFILE of the caller
 *
 * Refs: consumes @d on success only.
 * Returns: 0; -EMFILE; -ENOMEM; -EINVAL when @min >= @limit.
 */
__must_check err_t handle_install(struct handles *h, struct desc *d, int min,
				  unsigned flags, uint64_t limit, int *out);
/*
 * Before work with effects: would handle_install() find a slot?  The room for
 * it is made.  0; -EMFILE; -ENOMEM.
 */
__must_check err_t handle_prepare(struct handles *h, uint64_t limit);
/* Put into exactly @fd, closing what was there.  Consumes @d on success. */
__must_check err_t handle_install_at(struct handles *h, struct desc *d, int fd,
				     unsigned flags, uint64_t limit);
/* 0 and a reference in *@out; -EBADF. */
__must_check err_t handle_lookup(struct handles *h, int fd, struct desc **out);
__must_check err_t handle_close(struct handles *h, int fd);
__must_check err_t handle_get_flags(struct handles *h, int fd, unsigned *flags);
__must_check err_t handle_set_flags(struct handles *h, int fd, unsigned flags);
/* RIGHT_* of a handle, given by the access mode when it was installed. */
__must_check err_t handle_get_rights(struct handles *h, int fd,
				     unsigned *rights);
void handles_close_on_exec(struct handles *h);
/* Close [first, last]; with @cloexec only mark them. */
void handles_close_range(struct handles *h, unsigned first, unsigned last,
			 bool cloexec);
/* Lowest used fd >= @fd, or -1; for /proc/PID/fd.  Count of used ones. */
int handle_next(struct handles *h, int fd);
unsigned handles_count(struct handles *h);

/*
 * The fast way for a system call: when the table has one user no reference
 * is taken.  Pair every handle_borrow() with handle_return().
 */
struct borrowed {
	struct desc *d; /* NULL: bad handle */
	bool counted;
};
struct borrowed handle_borrow(struct handles *h, int fd);
static inline void handle_return(struct borrowed b)
{
	if (unlikely(b.counted))
		desc_put(b.d);
}

/*
 * With exactly one user only that user's thread may change the table; anyone
 * may look things up (handle_lookup, handle_next).
 */
/* proc/ keeps this: how many threads use the table (borrow is safe at 1). */
void handles_user_add(struct handles *h);
void handles_user_del(struct handles *h);
