/* SPDX-License-Identifier: MIT */
/* Who acts: numeric ids and the owner's name.  Immutable once shared. */
#pragma once

#include <lib/annot.h>
#include <lib/ref.h>
#include <lib/types.h>

#define CRED_NGROUPS_MAX 65536u
#define OWNER_NAME_MAX	 128u

struct cred {
	struct ref ref;
	uint32_t uid, euid, suid, fsuid; /* IMMUTABLE once published */
	uint32_t gid, egid, sgid, fsgid; /* IMMUTABLE once published */
	uint32_t ngroups;		 /* IMMUTABLE once published */
	uint32_t *groups;		 /* IMMUTABLE; kmalloc or NULL */
	char owner[OWNER_NAME_MAX];	 /* IMMUTABLE once published */
};

extern struct cred cred_root;

/* A private copy to change and then publish; NULL when out of memory. */
__must_check struct cred *cred_dup(const struct cred *c);
const struct cred *cred_get(const struct cred *c);
void cred_put(const struct cred *c);
bool cred_in_group(const struct cred *c, uint32_t gid);
static inline bool cred_is_root(const struct cred *c)
{
	return c->fsuid == 0;
}
