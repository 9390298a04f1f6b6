/* SPDX-License-Identifier: MIT */
/*
 * Address spaces: regions in a balanced tree, and the page tables that they
 * fill on demand.
 */
#pragma once

#include <arch/mmu.h>
#include <lib/annot.h>
#include <lib/types.h>

struct aspace;
struct node;
struct vmobj;

#define PROT_R 1u
#define PROT_W 2u
#define PROT_X 4u

/* Region flags. */
#define REG_SHARED     0x01u /* stores go to the object */
#define REG_GROWSDOWN  0x02u /* a stack */
#define REG_FIXED      0x04u /* at exactly this address, replacing */
#define REG_NOREPLACE  0x08u /* with FIXED: -EEXIST if something is there */
#define REG_HEAP       0x10u /* the brk region, for /proc */
#define REG_STACK      0x20u /* the initial stack, for /proc */
#define REG_MAYWRITE   0x40u /* shared file opened for writing */
#define REG_DONTFORK   0x80u
#define REG_VDSO       0x100u /* kernel-provided page */
#define REG_WIPEONFORK 0x200u
#define REG_POPULATE   0x400u
#define REG_NORESERVE  0x800u /* may be bigger than all memory */

struct map_args {
	vaddr_t addr;	   /* hint, or the address with REG_FIXED */
	size_t len;	   /* bytes; rounded up to pages */
	unsigned prot;	   /* PROT_* */
	unsigned flags;	   /* REG_* */
	struct vmobj *obj; /* borrowed; NULL: private anonymous */
	uint64_t offset;   /* into obj, page-aligned */
	const char *name;  /* borrowed forever or NULL; shown in maps */
	void *file;	   /* opaque to mm: the owner's file, see map_ops */
};

/* What a region keeps alive of a higher layer (a struct desc or node). */
struct map_file_ops {
	void (*get)(void *file);
	void (*put)(void *file);
};
extern struct map_file_ops map_file_ops;

struct region_info {
	vaddr_t start, end;
	unsigned prot, flags;
	uint64_t offset;
	struct vmobj *obj;
	void *file;
	const char *name;
};

struct aspace_stats {
	uint64_t virt_pages; /* mapped by regions */
	uint64_t rss_pages;  /* present */
	uint64_t peak_rss_pages;
	uint64_t data_pages; /* private writable */
	uint64_t stack_pages;
	uint64_t text_pages; /* executable file pages mapped */
	uint64_t table_pages;
	uint64_t minor_faults;
};

struct aspace_limits {
	uint64_t as_bytes;    /* RLIMIT_AS; UINT64_MAX none */
	uint64_t data_bytes;  /* RLIMIT_DATA */
	uint64_t stack_bytes; /* RLIMIT_STACK */
};

/* Context of all of these: thread, may sleep; each takes ASPACE. */
__must_check err_t aspace_create(struct aspace **out);
void aspace_get(struct aspace *as);
/* The last put unmaps everything and frees the tables. */
void aspace_put(struct aspace *as);
uint32_t aspace_refs(const struct aspace *as);
/* Copy-on-write copy for fork: 0, -ENOMEM. */
__must_check err_t aspace_copy(struct aspace *from, struct aspace **out);

/* 0; -ENOMEM; -EINVAL; -EEXIST.  *@out is where it went. */
__must_check err_t aspace_map(struct aspace *as, const struct map_args *args,
			      vaddr_t *out);
__must_check err_t aspace_unmap(struct aspace *as, vaddr_t addr, size_t len);
/* -ENOMEM if part is unmapped; -EACCES for a read-only shared file. */
__must_check err_t aspace_protect(struct aspace *as, vaddr_t addr, size_t len,
				  unsigned prot);
/* As mremap of Linux; @flags are REMAP_* of mm/advice.h. */
__must_check err_t aspace_remap(struct aspace *as, vaddr_t addr, size_t old_len,
				size_t new_len, unsigned flags,
				vaddr_t new_addr, vaddr_t *out);
/* Set (or with 0 ask) the break; returns the break after the call. */
vaddr_t aspace_brk(struct aspace *as, vaddr_t addr);
/* Where the heap starts: exec sets it once. */
void aspace_set_brk_base(struct aspace *as, vaddr_t addr);
/* As madvise of Linux; @advice is ADVICE_* of mm/advice.h. */
__must_check err_t aspace_advise(struct aspace *as, vaddr_t addr, size_t len,
				 int advice);
/* One byte a page into @vec[]: mincore. */
__must_check err_t aspace_resident(struct aspace *as, vaddr_t addr,
				   size_t npages, uint8_t *vec);
void aspace_set_limits(struct aspace *as, const struct aspace_limits *l);

/*
 * Resolve a fault at @addr (FAULT_* of arch/hooks.h).
 * Returns: 0 (try again); -EFAULT no region (SEGV_MAPERR); -EACCES against
 * the protection (SEGV_ACCERR); -ENXIO beyond the end of the object
 * (SIGBUS); -ENOMEM.
 */
__must_check err_t aspace_fault(struct aspace *as, vaddr_t addr,
				unsigned flags);
/* Load its tables on this core (NULL: kernel only). */
void aspace_activate(struct aspace *as);
struct aspace *current_aspace(void);

/*
 * The first region that ends above @addr, copied out; false when none.
 * @info->file carries a reference through map_file_ops.get.
 */
bool aspace_next_region(struct aspace *as, vaddr_t addr,
			struct region_info *info);
void aspace_get_stats(struct aspace *as, struct aspace_stats *out);
void aspace_set_stack_top(struct aspace *as, vaddr_t top);
/* For vmobj_truncate(): drop what maps pages >= @index of @o. */
void aspace_zap_object(struct vmobj *o, uint64_t index, uint64_t npages);
/* Random offsets for mmap base etc. come from here; 0 with nokaslr. */
extern bool aspace_randomise;
/* 0 to 2^@bits - 1, always 0 with nokaslr. */
uint64_t aspace_random_pages(unsigned bits);
/* Everything in mm/: calls frame_init() and slab_init() if nobody has. */
void mm_init(void);
/* The frame that backs @addr now, with a reference; 0 if not present. */
__must_check paddr_t aspace_frame(struct aspace *as, vaddr_t addr);
