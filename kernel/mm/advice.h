/* SPDX-License-Identifier: MIT */
/*
 * What a program may ask of mapped memory: the values of aspace_advise() and
 * the flags of aspace_remap().  A world's own numbers are checked against
 * these in sys/.
 */
#pragma once

#define ADVICE_NORMAL	      0
#define ADVICE_RANDOM	      1
#define ADVICE_SEQUENTIAL     2
#define ADVICE_WILLNEED	      3
#define ADVICE_DONTNEED	      4
#define ADVICE_FREE	      8
#define ADVICE_REMOVE	      9
#define ADVICE_DONTFORK	      10
#define ADVICE_DOFORK	      11
#define ADVICE_WIPEONFORK     18
#define ADVICE_KEEPONFORK     19
#define ADVICE_POPULATE_READ  22
#define ADVICE_POPULATE_WRITE 23

#define REMAP_MAYMOVE	1u
#define REMAP_FIXED	2u
#define REMAP_DONTUNMAP 4u
