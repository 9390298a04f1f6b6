/* SPDX-License-Identifier: MIT */
/* Start-up: parts of init/ for each other. */
#pragma once

#include <lib/annot.h>
#include <lib/types.h>

/* What the kernel command line asked for. */
struct boot_options {
	bool hostio; /* the job's 0 to 2 are the host's */
	bool tty;    /* the job runs on the console terminal */
	bool quiet;
	bool ktest;
	bool trace;
	bool kaslr;
	bool have_seed;
	uint64_t seed;
	uint64_t loglevel;
	char pattern[64]; /* of ktest */
	char init[256];	  /* "": look for one */
};
extern struct boot_options boot_options;

/* Reads the command line; unknown words are reported in the log. */
void boot_options_parse(void);

/* Fills panic_ops. */
void init_panic_dump(void);
/* Root file system, the usual mounts, the first process. Never returns. */
__noreturn void init_user(void);
/* Runs the kernel tests and powers off. */
__noreturn void init_ktest(void);
