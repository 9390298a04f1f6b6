/* SPDX-License-Identifier: MIT */
/* Character devices by number: registered at boot, then only read. */
#include <lib/atomic.h>
#include <lib/err.h>
#include <ns/chardev.h>

static struct chardev *first; /* ATOMIC; only ever grows */

void chardev_register(struct chardev *c)
{
	struct chardev *old = atomic_load_relaxed(&first);

	do
		c->next = old;
	while (!atomic_cas(&first, &old, c));
}

struct chardev *chardev_first(void)
{
	return atomic_load_acquire(&first);
}

struct chardev *chardev_find(uint64_t rdev)
{
	uint32_t major = DEV_MAJOR(rdev), minor = DEV_MINOR(rdev);
	struct chardev *c;

	for (c = chardev_first(); c != NULL; c = c->next)
		if (c->major == major && minor >= c->minor_first &&
		    minor - c->minor_first < c->minor_count)
			return c;
	return NULL;
}

err_t chardev_open(struct desc *d, uint64_t rdev)
{
	struct chardev *c = chardev_find(rdev);

	return c == NULL ? -ENXIO : c->open(d, rdev);
}
