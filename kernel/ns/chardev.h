/* SPDX-License-Identifier: MIT */
/* Character devices by number: what opening such a node does. */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

struct desc;

#define DEV_MAJOR(d) ((uint32_t)(((d) >> 8) & 0xfff))
#define DEV_MINOR(d) ((uint32_t)(((d)&0xff) | (((d) >> 12) & 0xfff00)))
#define DEV_MAKE(maj, min) \
	(((uint64_t)(maj) << 8) | ((min)&0xff) | \
	 (((uint64_t)(min)&0xfff00) << 12))

struct chardev {
	uint32_t major, minor_first, minor_count;
	const char *name;
	uint32_t mode; /* of the node in /dev */
	/* Sets d->ops and d->data. 0 or an error. */
	err_t (*open)(struct desc *d, uint64_t rdev);
	struct chardev *next;
};
void chardev_register(struct chardev *c);
struct chardev *chardev_find(uint64_t rdev);
struct chardev *chardev_first(void);
/* Opens by number; -ENXIO when nobody has it. */
__must_check err_t chardev_open(struct desc *d, uint64_t rdev);
