/* SPDX-License-Identifier: MIT */
/* Private to kernel/mm/: what faults need of an object. */
#pragma once

#include <mm/vmobj.h>

void vmobj_system_init(void);
/*
 * The frame of @index, made if it is a hole, and those of its neighbours in
 * [first, first + n) that exist (0 for the others), each with a reference.
 * Returns: 0; -ENOENT beyond the size; -ENOMEM, and *@out holds nothing.
 */
__must_check err_t vmobj_pages_around(struct vmobj *o, uint64_t index,
				      uint64_t first, unsigned n, paddr_t *out);
