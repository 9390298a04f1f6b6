/* SPDX-License-Identifier: MIT */
/* In-kernel file servers. */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>
#include <ns/node.h>

struct desc;

/* Other servers bring these; fs_init() calls them if they are linked. */
void procfs_init(void);

/* Register types ramfs, tmpfs, proc, devtmpfs (devfs), sysfs (empty). */
void fs_init(void);
/* A new ram file system: *@server ref 1, *@root ref 1. */
__must_check err_t ramfs_create(struct server **server, struct node **root);
/*
 * The same under a name of its own (static text), of at most @limit pages (0:
 * half of the memory), with @mode for the root.
 */
__must_check err_t ramfs_create_as(const char *type, uint64_t limit,
				   uint32_t mode, struct server **server,
				   struct node **root);
/* Fill it from a newc archive in memory; page-aligned data is copied. */
__must_check err_t ramfs_unpack(struct node *root, const void *archive,
				size_t size);
/* A pipe: two descriptions, each ref 1; flags O_NONBLOCK etc. */
__must_check err_t pipe_create(const struct cred *c, uint32_t flags,
			       struct desc **rd, struct desc **wr);
/* desc control of a pipe: an int, replaced by the size that came of it. */
#define PIPE_CONTROL_SET_SIZE 0xf0000407u /* F_SETPIPE_SZ; -EBUSY, -EPERM */
#define PIPE_CONTROL_GET_SIZE 0xf0000408u /* F_GETPIPE_SZ */
/* For fifo nodes: request open. */
__must_check err_t fifo_open(struct node *n, struct desc *d, uint32_t flags);
