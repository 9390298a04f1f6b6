/* SPDX-License-Identifier: MIT */
/*
 * The host's side of `tools/pando run`: the first process' handles 0 to 2,
 * and a channel for its exit status.
 */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>
#include <obj/cred.h>

struct desc;

/* A line, with its newline, to the host's control channel.  Any context. */
void hostio_report(const char *line);
/*
 * Streams to and from the host, each with one reference.
 * Context: thread.  Returns: 0, -ENXIO without `hostio`, -ENOMEM.
 */
__must_check err_t hostio_open_std(const struct cred *c, struct desc *out[3]);
/* Boot: takes COM2 if the command line has `hostio`. */
void hostio_init(void);
