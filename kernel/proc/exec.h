/* SPDX-License-Identifier: MIT */
/* Arguments of exec, copied once into kernel pages. */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

struct exec_strings;

/*
 * Builder: sys/ adds the user's strings one by one.  Total is bounded as on
 * Linux: a quarter of the stack limit, one string at most 128 KiB (-E2BIG).
 */
__must_check err_t exec_strings_create(struct exec_strings **out);
void exec_strings_destroy(struct exec_strings *s);
/* @kernel strings (init/, #! interpreters). */
__must_check err_t exec_strings_add(struct exec_strings *s, bool env,
				    const char *str, size_t len);
/* A user string at @addr in the current aspace: -EFAULT, -E2BIG, -ENOMEM. */
__must_check err_t exec_strings_add_user(struct exec_strings *s, bool env,
					 vaddr_t addr);
unsigned exec_strings_argc(const struct exec_strings *s);
