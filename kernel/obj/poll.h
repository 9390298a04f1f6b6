/* SPDX-License-Identifier: MIT */
/*
 * Waiting for readiness of many objects at once.  An object's poll function
 * calls poll_wait() for each of its queues, then returns what holds now.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>
#include <sched/waitq.h>

struct poll_entry {
	struct waiter waiter;
	struct poll_entry *next;
};

struct poll_table {
	struct poll_entry *entries; /* kmalloc'ed beyond the inline ones */
	struct poll_entry inline_entries[8];
	unsigned used;
	err_t err; /* -ENOMEM when an entry could not be had */
	/* epoll: take the queue itself instead of adding a waiter. */
	void (*hook)(struct poll_table *pt, struct waitq *wq);
};

void poll_table_init(struct poll_table *pt);
void poll_table_fini(struct poll_table *pt);
/* @pt may be NULL: then only readiness is wanted. */
void poll_wait(struct poll_table *pt, struct waitq *wq);
