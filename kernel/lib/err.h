/* SPDX-License-Identifier: MIT */
/*
 * Errors: err_t is 0 or -E*, numbered as Linux does (abi/native/errors.tbl).
 */
#pragma once

#include <gen/errors.h>

#include <lib/types.h>

/* Second names of the same number. */
#ifndef EWOULDBLOCK
#define EWOULDBLOCK EAGAIN
#endif
#ifndef EDEADLOCK
#define EDEADLOCK EDEADLK
#endif
#ifndef ENOTSUP
#define ENOTSUP EOPNOTSUPP
#endif

/*
 * Never seen by a user: how a call that a signal interrupted goes on.  The
 * code that returns to user mode makes -EINTR or a restart of them.
 */
#define ERESTARTSYS	      512 /* restart if the handler has SA_RESTART */
#define ERESTARTNOINTR	      513 /* always restart */
#define ERESTARTNOHAND	      514 /* restart if there is no handler */
#define ENOIOCTLCMD	      515 /* not an ioctl of this object: -ENOTTY */
#define ERESTART_RESTARTBLOCK 516 /* restart with what time is left */

/* "ENOENT" for -ENOENT or ENOENT, "OK" for 0, "E?" for what is none. */
const char *err_name(err_t err);
/* The same as a sentence. */
const char *err_sentence(err_t err);
