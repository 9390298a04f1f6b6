/* SPDX-License-Identifier: MIT */
/* Names of kernel functions, from the table that the build links in. */
#pragma once

#include <lib/types.h>

#define KSYMS_TEXT_MAX 96

/*
 * The function that @addr lies in, and how far; NULL if there is none.
 * Context: any.
 */
const char *ksyms_lookup(vaddr_t addr, uint64_t *offset);
/* "name+0x1f" or "0xffffffff80101234" into @buf of KSYMS_TEXT_MAX bytes. */
void ksyms_format(vaddr_t addr, char *buf);
