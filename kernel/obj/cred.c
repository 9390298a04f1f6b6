/* SPDX-License-Identifier: MIT */
/* Credentials: counted, immutable once shared, copied to be changed. */
#include <lib/string.h>
#include <mm/slab.h>
#include <obj/cred.h>

struct cred cred_root = { .ref = { 1 }, .owner = "root" };

/* The count is the one field of a shared cred that changes. */
static inline struct cred *counted(const struct cred *c)
{
	return (struct cred *)(uintptr_t)c;
}

struct cred *cred_dup(const struct cred *c)
{
	struct cred *copy = kmalloc(sizeof(*copy));
	size_t bytes = (size_t)c->ngroups * sizeof(*c->groups);

	if (copy == NULL)
		return NULL;
	memcpy(copy, c, sizeof(*copy));
	ref_init(&copy->ref, 1);
	copy->groups = NULL;
	if (bytes == 0)
		return copy;
	copy->groups = kmalloc(bytes);
	if (copy->groups == NULL) {
		kfree(copy);
		return NULL;
	}
	memcpy(copy->groups, c->groups, bytes);
	return copy;
}

const struct cred *cred_get(const struct cred *c)
{
	ref_get(&counted(c)->ref);
	return c;
}

static __noinline void cred_free(const struct cred *c)
{
	kfree(c->groups);
	kfree(counted(c));
}

void cred_put(const struct cred *c)
{
	if (c != NULL && ref_put(&counted(c)->ref))
		cred_free(c);
}

bool cred_in_group(const struct cred *c, uint32_t gid)
{
	uint32_t i;

	if (c->fsgid == gid)
		return true;
	for (i = 0; i < c->ngroups; i++)
		if (c->groups[i] == gid)
			return true;
	return false;
}
