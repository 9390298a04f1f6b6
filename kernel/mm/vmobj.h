/* SPDX-License-Identifier: MIT */
/*
 * Memory objects: pages with an index, that aspaces map and files read and
 * write.  A file of the root file system is one; shared anonymous memory is
 * another.
 */
#pragma once

#include <lib/annot.h>
#include <lib/list.h>
#include <lib/radix.h>
#include <lib/ref.h>
#include <lib/types.h>
#include <sync/mutex.h>

struct uio;
struct vmobj;

/* Upcalls to the owner (a file system); may be NULL for anonymous memory. */
struct pager_ops {
	/* The last reference is gone; the vmobj's pages are already freed. */
	void (*release)(struct vmobj *o);
};

struct vmobj {
	struct ref ref;
	const struct pager_ops *ops; /* IMMUTABLE */
	void *owner;		     /* IMMUTABLE; weak */
	struct mutex lock;	     /* rank VMOBJ */
	struct radix pages;	  /* GUARDED_BY(lock); index -> frame | flags */
	uint64_t nr_pages;	  /* GUARDED_BY(lock) */
	uint64_t size;		  /* GUARDED_BY(lock); bytes; ATOMIC to read */
	struct spinlock map_lock; /* rank VMOBJ_MAP */
	struct list regions;	  /* GUARDED_BY(map_lock) */
	bool fixed_pages; /* IMMUTABLE; frames belong to someone else (rom) */
};

/* In place. @ops and @owner may be NULL. Ref is 1. */
void vmobj_init(struct vmobj *o, const struct pager_ops *ops, void *owner);
/* Frees every page; the struct is the owner's. Nobody maps it any more. */
void vmobj_fini(struct vmobj *o);
/* Stand-alone anonymous object of @size bytes, ref 1. */
__must_check err_t vmobj_create_anon(uint64_t size, struct vmobj **out);
void vmobj_get(struct vmobj *o);
void vmobj_put(struct vmobj *o);

/**
 * vmobj_page - the frame of page @index
 * @create: make a zeroed one where there is a hole
 *
 * Context: thread, may sleep.  Locks: takes VMOBJ.
 * Refs:    *@out carries one frame reference (frame_put).
 * Returns: 0; -ENOENT (hole, or beyond the size); -ENOMEM.
 */
__must_check err_t vmobj_page(struct vmobj *o, uint64_t index, bool create,
			      paddr_t *out);
/*
 * Copy between pages and a uio, at byte @off.  Holes read as zeroes.  Reads
 * stop at the size; writes extend it.  *@done counts bytes moved even when
 * an error follows.
 */
__must_check err_t vmobj_read(struct vmobj *o, uint64_t off, struct uio *uio,
			      size_t *done);
__must_check err_t vmobj_write(struct vmobj *o, uint64_t off, struct uio *uio,
			       size_t *done);
/*
 * Set the size.  Pages beyond it are freed and unmapped from every aspace
 * (private copies too); the tail of the last page is zeroed.
 */
__must_check err_t vmobj_truncate(struct vmobj *o, uint64_t size);
/* Give @n page frames to the object, no copy (initrd contents). */
__must_check err_t vmobj_adopt_page(struct vmobj *o, uint64_t index,
				    paddr_t pa);
