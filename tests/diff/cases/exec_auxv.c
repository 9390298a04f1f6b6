/* SPDX-License-Identifier: MIT */
/* The auxiliary vector of a new program. */
#include "diff.h"

int main(int argc, char **argv)
{
	const unsigned char *rnd = (void *)getauxval(AT_RANDOM);
	const Elf64_Phdr *ph = (void *)getauxval(AT_PHDR);
	extern char __ehdr_start[] __attribute__((weak));
	bool load = false, entry = false;

	if (argc > 1) {
		/* A relative name stays what it was. */
		say("execfn [%s]\n", (char *)getauxval(AT_EXECFN));
		return 0;
	}
	(void)__ehdr_start;
	show(getauxval(AT_PAGESZ));
	show(getauxval(AT_CLKTCK));
	show(getauxval(AT_SECURE));
	show(getauxval(AT_UID));
	show(getauxval(AT_EUID));
	show(getauxval(AT_GID));
	show(getauxval(AT_EGID));
	show(getauxval(AT_BASE));
	show(getauxval(AT_FLAGS));
	show(getauxval(AT_PHENT));
	fact(getauxval(AT_PHNUM) >= 2);
	fact(getauxval(AT_ENTRY) != 0);
	fact(getauxval(AT_HWCAP) != 0);
	fact(rnd != NULL && !all_bytes(rnd, 16, rnd[0]));
	fact(strcmp((char *)getauxval(AT_EXECFN), argv[0]) == 0);
	fact((char *)getauxval(AT_EXECFN) != argv[0]);
	say("platform %s\n", (char *)getauxval(AT_PLATFORM));
	for (unsigned long i = 0; i < getauxval(AT_PHNUM); i++) {
		load |= ph[i].p_type == PT_LOAD;
		entry |= ph[i].p_type == PT_LOAD && (ph[i].p_flags & PF_X) &&
			 getauxval(AT_ENTRY) >= ph[i].p_vaddr &&
			 getauxval(AT_ENTRY) - ph[i].p_vaddr < ph[i].p_memsz;
	}
	fact(load);
	fact(entry);
	must(symlink(argv[0], "link"));
	wait_say("relative", child_do(execl("./link", "x", "y", NULL)));
	return 0;
}
