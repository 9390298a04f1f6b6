/* SPDX-License-Identifier: MIT */
/* The console: the terminal on COM1, and what the kernel prints there. */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>
#include <obj/cred.h>

struct desc;

/*
 * Descriptions 0 to 2 of a first process that runs on the console: one open
 * description, three references.
 * Context: thread.  Returns: 0; -ENXIO without a console; -ENOMEM.
 */
__must_check err_t console_open_std(const struct cred *c, struct desc *out[3]);
/* Wait (a second at most, by polling) until all output has left. */
void console_drain(void);
/* Boot: the terminal, its nodes, kernel messages if `loglevel` asks. */
void console_init(void);
