/* SPDX-License-Identifier: MIT */
/*
 * Ids and groups.  Effective user 0 stands for every capability.
 */
#include <abi/linux/prctl.h>
#include <mm/slab.h>

#include "linux_impl.h"

#define NO_ID UINT32_MAX

static bool privileged(const struct cred *c)
{
	return c->euid == 0;
}

int64_t linux_getuid(struct regs *r)
{
	(void)r;
	return current_cred()->uid;
}

int64_t linux_geteuid(struct regs *r)
{
	(void)r;
	return current_cred()->euid;
}

int64_t linux_getgid(struct regs *r)
{
	(void)r;
	return current_cred()->gid;
}

int64_t linux_getegid(struct regs *r)
{
	(void)r;
	return current_cred()->egid;
}

static int64_t put_three(struct regs *r, uint32_t a, uint32_t b, uint32_t c)
{
	if (put_user(UPTR(uint32_t, ARG0(r)), &a) != 0 ||
	    put_user(UPTR(uint32_t, ARG1(r)), &b) != 0 ||
	    put_user(UPTR(uint32_t, ARG2(r)), &c) != 0)
		return -EFAULT;
	return 0;
}

int64_t linux_getresuid(struct regs *r)
{
	const struct cred *c = current_cred();

	return put_three(r, c->uid, c->euid, c->suid);
}

int64_t linux_getresgid(struct regs *r)
{
	const struct cred *c = current_cred();

	return put_three(r, c->gid, c->egid, c->sgid);
}

/* --- changing: a copy is made, changed, and published --- */

/*
 * Both kinds of id follow one set of rules.
 */
struct ids {
	uint32_t real, eff, saved, fs;
};

static struct ids ids_of(const struct cred *c, bool group)
{
	if (group)
		return (struct ids){ c->gid, c->egid, c->sgid, c->fsgid };
	return (struct ids){ c->uid, c->euid, c->suid, c->fsuid };
}

static int64_t publish(const struct ids *ids, bool group)
{
	struct cred *c = cred_dup(current_cred());

	if (c == NULL)
		return -ENOMEM;
	if (group) {
		c->gid = ids->real;
		c->egid = ids->eff;
		c->sgid = ids->saved;
		c->fsgid = ids->fs;
	} else {
		c->uid = ids->real;
		c->euid = ids->eff;
		c->suid = ids->saved;
		c->fsuid = ids->fs;
	}
	proc_set_cred(self_proc(), c);
	return 0;
}

static int64_t set_one(uint32_t id, bool group)
{
	struct ids i = ids_of(current_cred(), group);

	if (id == NO_ID)
		return -EINVAL;
	if (privileged(current_cred()))
		i.real = i.saved = id;
	else if (id != i.real && id != i.saved)
		return -EPERM;
	i.eff = i.fs = id;
	return publish(&i, group);
}

int64_t linux_setuid(struct regs *r)
{
	return set_one((uint32_t)ARG0(r), false);
}

int64_t linux_setgid(struct regs *r)
{
	return set_one((uint32_t)ARG0(r), true);
}

static int64_t set_re(uint32_t real, uint32_t eff, bool group)
{
	struct ids old = ids_of(current_cred(), group), i = old;
	bool may = privileged(current_cred());

	if (real != NO_ID) {
		if (!may && real != old.real && real != old.eff)
			return -EPERM;
		i.real = real;
	}
	if (eff != NO_ID) {
		if (!may && eff != old.real && eff != old.eff &&
		    eff != old.saved)
			return -EPERM;
		i.eff = eff;
	}
	if (real != NO_ID || (eff != NO_ID && eff != old.real))
		i.saved = i.eff;
	i.fs = i.eff;
	return publish(&i, group);
}

int64_t linux_setreuid(struct regs *r)
{
	return set_re((uint32_t)ARG0(r), (uint32_t)ARG1(r), false);
}

int64_t linux_setregid(struct regs *r)
{
	return set_re((uint32_t)ARG0(r), (uint32_t)ARG1(r), true);
}

static bool one_of(uint32_t id, const struct ids *i)
{
	return id == NO_ID || id == i->real || id == i->eff || id == i->saved;
}

static int64_t set_res(struct regs *r, bool group)
{
	uint32_t real = (uint32_t)ARG0(r), eff = (uint32_t)ARG1(r);
	uint32_t saved = (uint32_t)ARG2(r);
	struct ids i = ids_of(current_cred(), group);

	if (!privileged(current_cred()) &&
	    !(one_of(real, &i) && one_of(eff, &i) && one_of(saved, &i)))
		return -EPERM;
	if (real != NO_ID)
		i.real = real;
	if (eff != NO_ID)
		i.eff = eff;
	if (saved != NO_ID)
		i.saved = saved;
	i.fs = i.eff;
	return publish(&i, group);
}

int64_t linux_setresuid(struct regs *r)
{
	return set_res(r, false);
}

int64_t linux_setresgid(struct regs *r)
{
	return set_res(r, true);
}

/* The old id comes back whether or not it was changed. */
static int64_t set_fs(uint32_t id, bool group)
{
	struct ids i = ids_of(current_cred(), group);
	uint32_t old = i.fs;

	if (id == NO_ID || id == old)
		return old;
	if (privileged(current_cred()) || one_of(id, &i)) {
		i.fs = id;
		if (publish(&i, group) != 0)
			return old;
	}
	return old;
}

int64_t linux_setfsuid(struct regs *r)
{
	return set_fs((uint32_t)ARG0(r), false);
}

int64_t linux_setfsgid(struct regs *r)
{
	return set_fs((uint32_t)ARG0(r), true);
}

/* --- groups --- */

int64_t linux_getgroups(struct regs *r)
{
	const struct cred *c = current_cred();
	int32_t size = arg_int(ARG0(r));
	err_t err;

	if (size < 0)
		return -EINVAL;
	if (size == 0)
		return c->ngroups;
	if (c->ngroups > (uint32_t)size)
		return -EINVAL;
	if (c->ngroups == 0)
		return 0;
	err = copy_to_user(UPTR(void, ARG1(r)), c->groups,
			   c->ngroups * sizeof(c->groups[0]));
	return err ? err : (int64_t)c->ngroups;
}

/* Linux keeps them in order. */
static void sort_groups(uint32_t *v, uint32_t n)
{
	uint32_t gap = 1;

	while (gap < n / 3)
		gap = gap * 3 + 1;
	for (; gap > 0; gap /= 3) {
		for (uint32_t i = gap; i < n; i++) {
			uint32_t x = v[i], k = i;

			for (; k >= gap && v[k - gap] > x; k -= gap)
				v[k] = v[k - gap];
			v[k] = x;
		}
	}
}

int64_t linux_setgroups(struct regs *r)
{
	uint32_t n = (uint32_t)ARG0(r), *groups = NULL;
	struct cred *c;
	err_t err;

	if (!privileged(current_cred()))
		return -EPERM;
	if (n > CRED_NGROUPS_MAX)
		return -EINVAL;
	if (n > 0) {
		groups = kcalloc(n, sizeof(groups[0]));
		if (groups == NULL)
			return -ENOMEM;
		err = copy_from_user(groups, UPTR_CONST(void, ARG1(r)),
				     n * sizeof(groups[0]));
		if (err)
			goto fail;
		for (uint32_t i = 0; i < n; i++) {
			err = -EINVAL;
			if (groups[i] == NO_ID)
				goto fail;
		}
		sort_groups(groups, n);
	}
	err = -ENOMEM;
	c = cred_dup(current_cred());
	if (c == NULL)
		goto fail;
	kfree(c->groups);
	c->groups = groups;
	c->ngroups = n;
	proc_set_cred(self_proc(), c);
	return 0;
fail:
	kfree(groups);
	return err;
}

/* --- capabilities --- */

static int64_t cap_version(uint64_t addr, struct linux_cap_header *h,
			   unsigned *words)
{
	uint32_t newest = LINUX_CAPABILITY_VERSION_3;

	if (get_user(h, UPTR_CONST(struct linux_cap_header, addr)) != 0)
		return -EFAULT;
	switch (h->version) {
	case LINUX_CAPABILITY_VERSION_1:
		*words = 1;
		return 0;
	case LINUX_CAPABILITY_VERSION_2:
	case LINUX_CAPABILITY_VERSION_3:
		*words = 2;
		return 0;
	default:
		if (put_user(UPTR(uint32_t, addr), &newest) != 0)
			return -EFAULT;
		return -EINVAL;
	}
}

static err_t caps_of(int32_t pid, uint64_t *caps)
{
	const struct cred *c;
	struct proc *p;

	if (pid < 0)
		return -EINVAL;
	*caps = privileged(current_cred()) ? CAP_FULL : 0;
	if (pid == 0)
		return 0;
	p = proc_by_pid(proc_pidns(self_proc()), pid);
	if (p == NULL)
		return -ESRCH;
	c = proc_cred(p);
	*caps = privileged(c) ? CAP_FULL : 0;
	cred_put(c);
	proc_put(p);
	return 0;
}

int64_t linux_capget(struct regs *r)
{
	struct linux_cap_data d[2];
	struct linux_cap_header h;
	unsigned words;
	uint64_t caps = 0;
	int64_t ret;

	ret = cap_version(ARG0(r), &h, &words);
	/* Asking for the version only is no error. */
	if (ret == -EINVAL && ARG1(r) == 0)
		return 0;
	if (ret == 0)
		ret = caps_of(h.pid, &caps);
	if (ret != 0)
		return ret;
	for (unsigned i = 0; i < 2; i++) {
		uint32_t w = (uint32_t)(caps >> (32 * i));

		d[i] = (struct linux_cap_data){ w, w, 0 };
	}
	return copy_to_user(UPTR(void, ARG1(r)), d, words * sizeof(d[0]));
}

/* Capabilities come and go with user 0; only what is so can be set. */
int64_t linux_capset(struct regs *r)
{
	struct linux_cap_data d[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
	struct linux_cap_header h;
	uint64_t have = 0, eff, perm;
	unsigned words;
	int64_t ret;

	ret = cap_version(ARG0(r), &h, &words);
	if (ret != 0)
		return ret;
	if (h.pid != 0 && h.pid != linux_gettid(r))
		return -EPERM;
	ret = copy_from_user(d, UPTR_CONST(void, ARG1(r)),
			     words * sizeof(d[0]));
	if (ret == 0)
		ret = caps_of(0, &have);
	if (ret != 0)
		return ret;
	eff = (d[0].effective | (uint64_t)d[1].effective << 32) & CAP_FULL;
	perm = (d[0].permitted | (uint64_t)d[1].permitted << 32) & CAP_FULL;
	return eff == have && perm == have ? 0 : -EPERM;
}
