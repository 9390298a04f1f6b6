/* SPDX-License-Identifier: MIT */
/* The file-system types that mount(2) can name: filled at boot, then read. */
#include <lib/string.h>

#include "ns_impl.h"

static struct fs_type *first; /* ATOMIC; only ever grows */

void fs_type_register(struct fs_type *t)
{
	struct fs_type *old = atomic_load_relaxed(&first);

	do
		t->next = old;
	while (!atomic_cas(&first, &old, t));
}

struct fs_type *fs_type_first(void)
{
	return atomic_load_acquire(&first);
}

struct fs_type *fs_type_find(const char *name)
{
	struct fs_type *t;

	for (t = fs_type_first(); t != NULL; t = t->next)
		if (str_equal(t->name, name))
			return t;
	return NULL;
}
