/* SPDX-License-Identifier: MIT */
/* Between the files of exec. */
#pragma once

#include <lib/annot.h>
#include <lib/elf.h>
#include <lib/types.h>
#include <obj/cred.h>
#include <proc/exec.h>

struct aspace;
struct desc;

/* Strings one after the other, each with its NUL, in pages. */
struct strbuf {
	char **pages;
	size_t npages;	 /* allocated */
	size_t capacity; /* of pages[] */
	size_t len;	 /* bytes */
	size_t start;	 /* bytes dropped at the front */
	unsigned count;	 /* strings after start */
};

struct exec_strings {
	struct strbuf arg, env;
	struct strbuf prefix; /* goes before arg: #! interpreters */
	size_t max;	      /* bound on all bytes and pointers */
};

/* The program's first argument goes (a script's argv[0]). */
void exec_strings_drop_first(struct exec_strings *s);
/* The prefix's first string goes (the interpreter that is a script too). */
void exec_strings_drop_prefix(struct exec_strings *s);
/* Puts @str before everything that is in the prefix. */
__must_check err_t exec_strings_prepend(struct exec_strings *s,
					const char *str);
size_t exec_strings_bytes(const struct exec_strings *s);

/* A program on its way to run: everything is ready before the old one goes. */
struct exec_image {
	struct desc *exe; /* strong */
	struct elf_image *elf;
	struct aspace *aspace; /* strong, not shared with anyone */
	vaddr_t bias;
	vaddr_t entry;
	vaddr_t sp;
	vaddr_t stack_top;
	vaddr_t brk;
	vaddr_t arg_start, arg_end, env_start, env_end;
	vaddr_t code_start, code_end, data_start, data_end;
	uint64_t auxv[40];
	unsigned nauxv;
	uint32_t uid, euid, gid, egid;
	bool secure;
	char name[16];
	const char *execfn; /* borrowed */
};

/* exec_load.c: maps the segments. 0 or Linux's error. */
__must_check err_t exec_load(struct exec_image *im, const void *head,
			     size_t head_len);
/* exec_stack.c: maps and fills the initial stack. */
__must_check err_t exec_build_stack(struct exec_image *im,
				    const struct exec_strings *s);
