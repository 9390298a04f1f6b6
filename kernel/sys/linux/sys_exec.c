/* SPDX-License-Identifier: MIT */
/* execve and execveat: strings of the old program, then the new one. */
#include <proc/exec.h>

#include "linux_impl.h"

#define BATCH 16u

/* Adds every string of the list of pointers at @list. */
static err_t add_list(struct exec_strings *s, bool env, uint64_t list)
{
	uint64_t ptr[BATCH];
	unsigned have = 0, i = 0;
	err_t err;

	if (list == 0)
		return 0;
	for (;;) {
		if (i == have) {
			/* Not beyond the page: the list may end with it. */
			uint64_t room = (PAGE_SIZE - (list & PAGE_MASK)) / 8;

			have = (unsigned)clamp(room, UINT64_C(1),
					       (uint64_t)BATCH);
			i = 0;
			err = copy_from_user(ptr, UPTR_CONST(void, list),
					     have * sizeof(ptr[0]));
			if (err)
				return err;
			list += have * sizeof(ptr[0]);
		}
		if (ptr[i] == 0)
			return 0;
		err = exec_strings_add_user(s, env, ptr[i++]);
		if (err)
			return err;
	}
}

static err_t collect(struct exec_strings *s, uint64_t argv, uint64_t envp)
{
	err_t err = add_list(s, false, argv);

	/* A program finds at least its name's place. */
	if (err == 0 && exec_strings_argc(s) == 0)
		err = exec_strings_add(s, false, "", 0);
	if (err == 0)
		err = add_list(s, true, envp);
	return err;
}

static int64_t exec_at(int dirfd, uint64_t path, uint64_t argv, uint64_t envp,
		       uint32_t flags)
{
	unsigned walk = flags & AT_SYMLINK_NOFOLLOW ? WALK_NOFOLLOW : 0;
	struct exec_strings *s;
	struct path_arg a;
	err_t err;

	if (flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
		return -EINVAL;
	err = path_arg_get(&a, dirfd, path, (flags & AT_EMPTY_PATH) != 0);
	if (err)
		return err;
	if (flags & AT_EMPTY_PATH)
		walk |= WALK_EMPTY;
	err = exec_strings_create(&s);
	if (err)
		goto out_path;
	err = collect(s, argv, envp);
	if (err == 0)
		err = proc_exec(a.walk.start, a.name, s, walk);
	exec_strings_destroy(s);
out_path:
	path_arg_put(&a);
	return err;
}

int64_t linux_execve(struct regs *r)
{
	return exec_at(AT_FDCWD, ARG0(r), ARG1(r), ARG2(r), 0);
}

int64_t linux_execveat(struct regs *r)
{
	return exec_at(arg_int(ARG0(r)), ARG1(r), ARG2(r), ARG3(r),
		       (uint32_t)ARG4(r));
}
