/* SPDX-License-Identifier: MIT */
/* Private to kernel/fs/pipe.c and fifo.c. */
#pragma once

#include <lib/atomic.h>
#include <lib/err.h>
#include <ns/node.h>
#include <obj/desc.h>
#include <sched/waitq.h>
#include <sync/mutex.h>

#define PIPE_SLOTS     16u  /* 64 KiB */
#define PIPE_SLOTS_MAX 256u /* 1 MiB, as Linux lets users have */

/* A page of data; bytes [off, off + len) are still to be read. */
struct pipe_slot {
	paddr_t page;
	uint32_t off, len;
};

struct pipe {
	struct mutex lock;	 /* rank PIPE */
	struct waitq rd;	 /* readers, and who waits in open */
	struct waitq wr;	 /* writers */
	uint32_t head;		 /* GUARDED_BY(lock); ATOMIC; next to fill */
	uint32_t tail;		 /* GUARDED_BY(lock); ATOMIC; oldest */
	uint32_t nslots;	 /* GUARDED_BY(lock); ATOMIC; power of two */
	struct pipe_slot *slots; /* GUARDED_BY(lock) */
	paddr_t spare;		 /* GUARDED_BY(lock); a page kept, or 0 */
	uint32_t readers;	 /* GUARDED_BY(lock); ATOMIC */
	uint32_t writers;	 /* GUARDED_BY(lock); ATOMIC */
	uint32_t r_counter;	 /* GUARDED_BY(lock); opens for reading */
	uint32_t w_counter;	 /* GUARDED_BY(lock); ATOMIC; for writing */
	uint32_t users;		 /* GUARDED_BY(node lock); FIFO descriptions */
	bool anonymous;		 /* IMMUTABLE; node below is the pipe's */
	struct pipe_slot first[PIPE_SLOTS]; /* GUARDED_BY(lock) */
	struct node node; /* PRIVATE(ns/); of a pipe without a name */
};

/* No pages, no readers, no writers; NULL when out of memory. */
struct pipe *pipe_alloc(void);
void pipe_free(struct pipe *p);
/* One reader or writer less, as @d was open for. */
void pipe_leave(struct pipe *p, const struct desc *d);
extern const struct desc_ops pipe_ops;

/* fifo.c: a description of a named pipe is gone. */
void fifo_drop(struct node *n, struct pipe *p);
