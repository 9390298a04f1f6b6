/* SPDX-License-Identifier: MIT */
/* Changing what files are: mode, owner, times. */
#include <abi/linux/stat.h>
#include <lib/atomic.h>

#include "linux_impl.h"

static err_t set_attr(const struct path *p, uint32_t mask,
		      const struct node_attr *attr, bool now)
{
	return node_setattr(p, current_cred(), mask, attr, now);
}

/* On a path with flags, or with @path 0 meaning @dirfd itself. */
static err_t set_attr_at(int dirfd, uint64_t path, unsigned walk, uint32_t mask,
			 const struct node_attr *attr, bool now)
{
	struct path p;
	err_t err = path_arg_walk(dirfd, path, walk, &p);

	if (err)
		return err;
	err = set_attr(&p, mask, attr, now);
	path_put(&p);
	return err;
}

static err_t set_attr_fd(int fd, uint32_t mask, const struct node_attr *attr,
			 bool now)
{
	struct path p;
	err_t err = path_of_fd(fd, false, &p);

	if (err)
		return err;
	err = set_attr(&p, mask, attr, now);
	path_put(&p);
	return err;
}

static int64_t chmod_at(int dirfd, uint64_t path, uint32_t mode)
{
	struct node_attr a = { .mode = mode & 07777 };

	return set_attr_at(dirfd, path, 0, ATTR_MODE, &a, false);
}

int64_t linux_chmod(struct regs *r)
{
	return chmod_at(AT_FDCWD, ARG0(r), (uint32_t)ARG1(r));
}

int64_t linux_fchmodat(struct regs *r)
{
	return chmod_at(arg_int(ARG0(r)), ARG1(r), (uint32_t)ARG2(r));
}

int64_t linux_fchmod(struct regs *r)
{
	struct node_attr a = { .mode = (uint32_t)ARG1(r) & 07777 };

	return set_attr_fd(arg_int(ARG0(r)), ATTR_MODE, &a, false);
}

/* --- owner --- */

static uint32_t owner_attr(uint32_t uid, uint32_t gid, struct node_attr *a)
{
	uint32_t mask = ATTR_CTIME; /* even chown(-1, -1) is one */

	*a = (struct node_attr){ .uid = uid, .gid = gid };
	if (uid != UINT32_MAX)
		mask |= ATTR_UID;
	if (gid != UINT32_MAX)
		mask |= ATTR_GID;
	return mask;
}

static int64_t chown_at(int dirfd, uint64_t path, unsigned walk, uint64_t uid,
			uint64_t gid)
{
	struct node_attr a;
	uint32_t mask = owner_attr((uint32_t)uid, (uint32_t)gid, &a);

	return set_attr_at(dirfd, path, walk, mask, &a, false);
}

int64_t linux_chown(struct regs *r)
{
	return chown_at(AT_FDCWD, ARG0(r), 0, ARG1(r), ARG2(r));
}

int64_t linux_lchown(struct regs *r)
{
	return chown_at(AT_FDCWD, ARG0(r), WALK_NOFOLLOW, ARG1(r), ARG2(r));
}

int64_t linux_fchownat(struct regs *r)
{
	uint32_t flags = (uint32_t)ARG4(r);
	unsigned walk = 0;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_SYMLINK_NOFOLLOW)
		walk |= WALK_NOFOLLOW;
	if (flags & AT_EMPTY_PATH)
		walk |= WALK_EMPTY;
	return chown_at(arg_int(ARG0(r)), ARG1(r), walk, ARG2(r), ARG3(r));
}

int64_t linux_fchown(struct regs *r)
{
	struct node_attr a;
	uint32_t mask = owner_attr((uint32_t)ARG1(r), (uint32_t)ARG2(r), &a);

	return set_attr_fd(arg_int(ARG0(r)), mask, &a, false);
}

/* --- times --- */

struct new_times {
	uint32_t mask;
	bool now;
	struct node_attr attr;
};

static nsec_t stamp(int64_t sec, int64_t nsec)
{
	struct linux_timespec ts = { sec, nsec };

	/* Times before 1970 are not kept. */
	return sec < 0 ? 0 : timespec_ns(&ts);
}

static bool nsec_ok(int64_t nsec)
{
	return nsec == UTIME_NOW || nsec == UTIME_OMIT ||
	       (nsec >= 0 && nsec < (int64_t)NSEC_PER_SEC);
}

static err_t times_from(const struct linux_timespec ts[2], struct new_times *t)
{
	nsec_t now = clock_realtime();

	if (!nsec_ok(ts[0].tv_nsec) || !nsec_ok(ts[1].tv_nsec))
		return -EINVAL;
	t->now = ts[0].tv_nsec == UTIME_NOW && ts[1].tv_nsec == UTIME_NOW;
	t->mask = 0;
	if (ts[0].tv_nsec != UTIME_OMIT)
		t->mask |= ATTR_ATIME;
	if (ts[1].tv_nsec != UTIME_OMIT)
		t->mask |= ATTR_MTIME;
	t->attr = (struct node_attr){ .atime = now, .mtime = now };
	if (ts[0].tv_nsec != UTIME_NOW && (t->mask & ATTR_ATIME))
		t->attr.atime = stamp(ts[0].tv_sec, ts[0].tv_nsec);
	if (ts[1].tv_nsec != UTIME_NOW && (t->mask & ATTR_MTIME))
		t->attr.mtime = stamp(ts[1].tv_sec, ts[1].tv_nsec);
	return 0;
}

static void times_now(struct new_times *t)
{
	nsec_t now = clock_realtime();

	t->now = true;
	t->mask = ATTR_ATIME | ATTR_MTIME;
	t->attr = (struct node_attr){ .atime = now, .mtime = now };
}

int64_t linux_utimensat(struct regs *r)
{
	int dirfd = arg_int(ARG0(r));
	uint32_t flags = (uint32_t)ARG3(r);
	struct linux_timespec ts[2];
	struct new_times t;
	unsigned walk = 0;
	err_t err;

	times_now(&t);
	if (ARG2(r) != 0) {
		err = copy_from_user(ts, UPTR_CONST(void, ARG2(r)), sizeof(ts));
		if (err)
			return err;
		if (ts[0].tv_nsec == UTIME_OMIT && ts[1].tv_nsec == UTIME_OMIT)
			return 0;
		err = times_from(ts, &t);
		if (err)
			return err;
	}
	if (ARG1(r) == 0 && dirfd != AT_FDCWD) {
		if (flags != 0)
			return -EINVAL;
		return set_attr_fd(dirfd, t.mask, &t.attr, t.now);
	}
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_SYMLINK_NOFOLLOW)
		walk |= WALK_NOFOLLOW;
	if (flags & AT_EMPTY_PATH)
		walk |= WALK_EMPTY;
	return set_attr_at(dirfd, ARG1(r), walk, t.mask, &t.attr, t.now);
}

/* The older forms count in microseconds. */
static err_t times_from_usec(uint64_t addr, struct new_times *t)
{
	struct linux_timeval tv[2];
	struct linux_timespec ts[2];
	err_t err;

	times_now(t);
	if (addr == 0)
		return 0;
	err = copy_from_user(tv, UPTR_CONST(void, addr), sizeof(tv));
	if (err)
		return err;
	for (unsigned i = 0; i < 2; i++) {
		if (tv[i].tv_usec < 0 || tv[i].tv_usec >= 1000000)
			return -EINVAL;
		ts[i].tv_sec = tv[i].tv_sec;
		ts[i].tv_nsec = tv[i].tv_usec * 1000;
	}
	return times_from(ts, t);
}

int64_t linux_utimes(struct regs *r)
{
	struct new_times t;
	err_t err = times_from_usec(ARG1(r), &t);

	if (err)
		return err;
	return set_attr_at(AT_FDCWD, ARG0(r), 0, t.mask, &t.attr, t.now);
}

int64_t linux_futimesat(struct regs *r)
{
	int dirfd = arg_int(ARG0(r));
	struct new_times t;
	err_t err = times_from_usec(ARG2(r), &t);

	if (err)
		return err;
	if (ARG1(r) == 0 && dirfd != AT_FDCWD)
		return set_attr_fd(dirfd, t.mask, &t.attr, t.now);
	return set_attr_at(dirfd, ARG1(r), 0, t.mask, &t.attr, t.now);
}

int64_t linux_utime(struct regs *r)
{
	struct linux_utimbuf ub;
	struct new_times t;
	err_t err;

	times_now(&t);
	if (ARG1(r) != 0) {
		struct linux_timespec ts[2] = { { 0, 0 }, { 0, 0 } };

		err = get_user(&ub, UPTR_CONST(struct linux_utimbuf, ARG1(r)));
		if (err)
			return err;
		ts[0].tv_sec = ub.actime;
		ts[1].tv_sec = ub.modtime;
		err = times_from(ts, &t);
		if (err)
			return err;
	}
	return set_attr_at(AT_FDCWD, ARG0(r), 0, t.mask, &t.attr, t.now);
}
